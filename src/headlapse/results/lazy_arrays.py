"""The arrays of an artifact, of which only the requested parts are inflated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from headlapse import checks
from headlapse.errors import OutOfRangeError
from headlapse.storage.npz import planes_of

Planes = Callable[[str, np.ndarray], np.ndarray]
Layout = Mapping[str, tuple[np.dtype[Any], tuple[int, ...]]]


class LazyArray(NDArrayOperatorsMixin):
    """An array in a file. `array[index]` inflates the planes of the last two axes that `index` touches.

    Everything else reads the whole array: arithmetic, functions of numpy, and the methods of an array.

    Raises `OutOfRangeError` for an index that does not exist, and the `FileStateError` of a damaged file.
    """

    def __init__(self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...], read: Planes) -> None:
        self.name, self.dtype, self.shape = name, dtype, shape
        self._read = read

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of values."""
        return math.prod(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> np.ndarray:
        if isinstance(index, bool | np.bool_):
            raise checks.wrong("index", "as in numpy's np.s_[...]", index)
        leading, last = self._split(index)
        try:
            planes = np.asarray(np.arange(math.prod(self.shape[:-2])).reshape(self.shape[:-2])[leading])
            found = self._read(self.name, planes)[(..., *last)] if planes.size else planes
            if found.size == 0:
                raise IndexError(f"index {checks.shown(index)} chooses nothing of {self.shape}")
            return found
        except IndexError as error:
            raise OutOfRangeError(f"{self.name}: {error}") from error

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        arrays = [np.asarray(value) if isinstance(value, LazyArray) else value for value in inputs]
        return getattr(ufunc, method)(*arrays, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("arrays that are read from a file are always copies")
        whole = self[()]
        return whole if dtype is None else whole.astype(dtype)

    def _split(self, index: Any) -> tuple[Any, tuple[Any, ...]]:
        """`index` in two parts: for the axes before the last two, and for the last two."""
        parts = index if isinstance(index, tuple) else (index,)
        if any(part is Ellipsis for part in parts):
            place = next(number for number, part in enumerate(parts) if part is Ellipsis)
            missing = self.ndim - (len(parts) - 1)
            parts = (*parts[:place], *(slice(None),) * missing, *parts[place + 1 :])
        leading, last = parts[: self.ndim - 2], parts[self.ndim - 2 :]
        return leading, (*last, *(slice(None),) * (2 - len(last))) if last else ()

    def __repr__(self) -> str:
        return f"<{self.name}: {self.dtype} {self.shape}, in a file>"


class LazyArrays(Mapping[str, Any]):
    """Arrays by name: those with more than two axes are `LazyArray`s, the others are read on access."""

    def __init__(self, layout: Layout, planes: Planes, whole: Callable[[str], np.ndarray]) -> None:
        self._layout, self._planes, self._whole = dict(layout), planes, whole

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """The same interface for arrays that are already in memory."""
        layout = {name: (array.dtype, array.shape) for name, array in arrays.items()}
        return cls(layout, lambda name, planes: planes_of(arrays[name], planes), arrays.__getitem__)

    @property
    def layout(self) -> dict[str, list[Any]]:
        """Type and shape of each array, as in JSON."""
        return {name: [str(dtype), list(shape)] for name, (dtype, shape) in self._layout.items()}

    def __getitem__(self, name: str) -> LazyArray | np.ndarray:
        dtype, shape = self._layout[name]
        return LazyArray(name, dtype, shape, self._planes) if len(shape) > 2 else self._whole(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout)

    def __len__(self) -> int:
        return len(self._layout)
