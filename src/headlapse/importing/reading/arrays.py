"""Numpy arrays as described in pickles and .npy files."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from headlapse.importing.reading.tensors import StoredTensor


@dataclass(eq=False)
class ArrayType:
    """A pickled numpy dtype: its code, e.g. `f8`, and its byte order."""

    code: str
    order: str = "="

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype. Raises `TypeError` or `ValueError` unless it is one of plain numbers or texts."""
        found: np.dtype[Any] = np.dtype(self.code)
        if found.hasobject:
            raise TypeError("an array of objects has no bytes")
        return found.newbyteorder(">") if self.order == ">" else found


@dataclass(eq=False)
class PickledArray:
    """A pickled numpy array whose state has not been read yet."""


def array_of(
    shape: tuple[int, ...], dtype: np.dtype[Any], fortran: bool, place: Hashable, read: Callable[[], bytes]
) -> StoredTensor:
    """The array with the bytes from `read`. Raises `TypeError` for types that torch does not have, e.g. texts."""
    kind = torch.from_numpy(np.empty(0, dtype.newbyteorder("="))).dtype

    def load() -> Tensor:
        numbers = np.frombuffer(read(), dtype, count=math.prod(shape)).astype(dtype.newbyteorder("="))
        return torch.from_numpy(np.array(numbers.reshape(shape, order="F" if fortran else "C"), order="C"))

    return StoredTensor(shape, kind, (place, shape, fortran), load)


def from_state(state: tuple[Any, ...]) -> StoredTensor | list[Any] | None:
    """The array with the pickled `state` (version, shape, type, Fortran order, bytes); objects become a list, texts None."""
    shape, kind, fortran, content = state[-4:]
    if isinstance(content, list):
        return content
    return from_bytes(content, kind, tuple(shape), bool(fortran))


def from_bytes(content: Any, kind: ArrayType, shape: tuple[int, ...], fortran: bool) -> StoredTensor | None:
    """An array whose bytes are in the pickle. Raises `ValueError` if their number contradicts the shape."""
    dtype, found = kind.dtype, bytes(content)
    if min(shape, default=0) < 0 or len(found) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"an array of shape {shape} holds {len(found)} bytes")
    try:
        return array_of(shape, dtype, fortran, id(found), lambda: found)
    except TypeError:
        return None


def number(kind: Any, content: Any) -> Any:
    """A pickled numpy scalar as a plain number or text."""
    return np.frombuffer(bytes(content), kind.dtype, count=1)[0].item()
