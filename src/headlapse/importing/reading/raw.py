"""Bytes of a file by position, read when they are needed. A size beyond the end of the file is never allocated."""

from __future__ import annotations

import math
import os
from io import BytesIO
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from headlapse.errors import CorruptFileError, InvalidValueError
from headlapse.storage.filesystem import open_file
from headlapse.system.free_memory import free_memory

REMEDY = "export it again from the program that made it, as safetensors if it can"
SMALL = 2**28  # bytes that every machine has
MOST_TIMES = 100  # weights do not compress to less than this share


class Raw(Protocol):
    """Some bytes, and the file that they come from."""

    path: Path
    size: int

    def read(self, start: int, count: int) -> bytes:
        """Exactly `count` bytes from `start` on. Raises `CorruptFileError` if there are fewer."""
        ...


class RawFile:
    """The bytes of a regular file. Raises `MissingFileError` or `CorruptFileError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with open_file(path, REMEDY) as file:
            self.size = os.fstat(file.fileno()).st_size

    def read(self, start: int, count: int) -> bytes:
        _check_inside(self, start, count)
        check_room(self.path, count, self.size)
        with open_file(self.path, REMEDY) as file:
            file.seek(start)
            return file.read(count)


class RawBytes:
    """Bytes that are already in memory."""

    def __init__(self, content: bytes, path: Path) -> None:
        self.path, self.size, self._content = path, len(content), content

    def read(self, start: int, count: int) -> bytes:
        _check_inside(self, start, count)
        return self._content[start : start + count]


def stream(raw: Raw, start: int = 0) -> BytesIO:
    """A stream of `raw` from `start` on; it knows its end, so that a claimed length is never allocated."""
    return BytesIO(raw.read(start, raw.size - start))


def check_room(path: Path, stated: int, on_disk: int) -> None:
    """Raise before memory is allocated for `stated` bytes that a file of `on_disk` bytes cannot contain."""
    if stated <= SMALL:
        return
    if stated > MOST_TIMES * on_disk:
        raise CorruptFileError(path, f"claims to hold {stated:,} bytes in {on_disk:,}, which weights do not", REMEDY)
    free = free_memory()
    if free is not None and stated > free // 2:
        raise InvalidValueError(f"{path}: holds {stated:,} bytes, and {free:,} bytes of memory are free; export less")


def tensor_of(content: bytes, dtype: torch.dtype, shape: tuple[int, ...]) -> Tensor:
    """`content` as a tensor in C order."""
    if math.prod(shape) == 0:
        return torch.zeros(shape, dtype=dtype)
    return torch.frombuffer(bytearray(content), dtype=dtype).reshape(shape)


def _check_inside(raw: Raw, start: int, count: int) -> None:
    if start < 0 or count < 0 or start + count > raw.size:
        raise CorruptFileError(raw.path, f"ends after {raw.size:,} bytes, before what it says it holds", REMEDY)
