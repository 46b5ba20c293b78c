"""Arrays that are still in their file: shape and type are known, the numbers are read when needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from headlapse.importing.reading.raw import check_room


@dataclass(frozen=True, eq=False)
class StoredTensor:
    """An array in a file. Arrays with equal `place` are the same numbers; `load` reads them and raises a `HeadlapseError`."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    place: Hashable
    load: Callable[[], Tensor]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def count(self) -> int:
        """The number of values."""
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """Bytes of the numbers in memory."""
        return self.count * self.dtype.itemsize

    def negated(self) -> StoredTensor:
        """The array of these numbers with the other sign."""
        return StoredTensor(self.shape, self.dtype, ("negated", self.place), lambda: -self.load())


@dataclass(frozen=True, eq=False)
class Storage:
    """A sequence of numbers in a torch file, of which tensors are views. `read` returns its bytes, in this machine's order."""

    path: Path
    dtype: torch.dtype
    count: int
    place: Hashable
    read: Callable[[], bytes]

    def view(self, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], dtype: torch.dtype) -> StoredTensor:
        """The tensor of `dtype` with this description in a file. Raises `ValueError` if it reaches outside the storage."""
        numbers = self.count * self.dtype.itemsize // dtype.itemsize
        count: int = math.prod(shape)
        last = offset + sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
        if min(offset, *shape, *stride, 0) < 0 or (count and last >= numbers):
            raise ValueError(f"a tensor of shape {shape} lies outside its storage of {numbers} numbers")

        def load() -> Tensor:
            if count == 0:
                return torch.zeros(shape, dtype=dtype)
            check_room(self.path, count * dtype.itemsize, self.count * self.dtype.itemsize)  # strides may repeat numbers
            return torch.frombuffer(bytearray(self.read()), dtype=dtype).as_strided(shape, stride, offset).contiguous()

        return StoredTensor(shape, dtype, (self.place, offset, shape, stride, dtype), load)
