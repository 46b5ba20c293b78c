"""The header of an `.npy`: dtype, shape and order."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from tokenize import TokenError
from typing import Literal, NamedTuple

import numpy as np
from numpy.lib import format as npy

from headlapse.storage.chunked_deflate import NpzError

MAX_HEADER_BYTES = 10 + 2**16  # of format version 1, which suffices for every array without thousands of named fields


class ArrayHeader(NamedTuple):
    """The stated dtype and shape of an array, and the size of the header in bytes."""

    dtype: np.dtype
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    size: int

    @property
    def stated_bytes(self) -> int:
        """Bytes of header and data together."""
        return self.size + math.prod(self.shape) * self.dtype.itemsize


def read_header(data: bytes, name: str) -> ArrayHeader:
    """The header at the beginning of `data`. Raises `NpzError` naming `name` if there is none, or if it states objects."""
    width = 2 if data[6:7] == b"\x01" else 4  # of the number that states the length of the header; source: numpy.lib.format
    try:
        header = _parsed(data[: 8 + width + int.from_bytes(data[8 : 8 + width], "little")])
    except (ValueError, TypeError, SyntaxError, TokenError, EOFError, RecursionError) as error:
        raise NpzError(f"{name} has no valid array header ({error})") from error
    if header.dtype.hasobject:
        raise NpzError(f"{name} holds Python objects, which are never loaded")
    return header


@lru_cache(maxsize=64)  # all artifacts of a run have the same header
def header_bytes(shape: tuple[int, ...], dtype: np.dtype) -> bytes:
    """The header of an array in C order. Raises `ValueError` for an array of Python objects."""
    if dtype.hasobject:
        raise ValueError("an array of Python objects cannot be stored")
    buffer = io.BytesIO()
    described = {"shape": shape, "fortran_order": False, "descr": npy.dtype_to_descr(dtype)}
    npy.write_array_header_1_0(buffer, described)
    return buffer.getvalue()


@lru_cache(maxsize=64)
def _parsed(header: bytes) -> ArrayHeader:
    stream = io.BytesIO(header)
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran_order, dtype = read(stream)
    return ArrayHeader(dtype, shape, "F" if fortran_order else "C", stream.tell())
