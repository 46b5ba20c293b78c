"""An array written by numpy.save: a header, then the numbers, or a pickle of objects.

Source: numpy/lib/format.py. Objects are read as data, as in any other pickle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from io import BytesIO
from typing import Any

import numpy as np
from numpy.lib import format as npy

from headlapse.importing.reading.arrays import array_of
from headlapse.importing.reading.pickles import read_pickle
from headlapse.importing.reading.standins import Name, StandIn


def read_array(content: bytes, place: Hashable, read: Callable[[], bytes]) -> Any:
    """The array in `content`; `read` gives the content again when the numbers are needed; texts and objects become plain data.

    Raises `ValueError` if it is not such an array, or if its length is not the stated one.
    """
    stream = BytesIO(content)
    read_header = npy.read_array_header_1_0 if npy.read_magic(stream) == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read_header(stream)
    start = stream.tell()
    if dtype.hasobject:
        return _objects(stream, shape)
    if len(content) - start != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"an array of shape {shape} holds {len(content) - start} bytes")
    try:
        return array_of(shape, dtype, fortran, place, lambda: read()[start:])
    except TypeError:  # texts
        return _text(np.frombuffer(stream.read(), dtype), shape)


def _text(array: np.ndarray, shape: tuple[int, ...]) -> Any:
    values: list[Any] = array.tolist()
    return values if shape else values[0]


def _objects(stream: BytesIO, shape: tuple[int, ...]) -> Any:
    """The objects of an array as a list; a single object, as `np.savez(path, model=dictionary)` writes it, as itself."""
    found = read_pickle(stream, lambda identifier: StandIn(Name("?", str(identifier))))
    return found[0] if shape == () and isinstance(found, list) and len(found) == 1 else found
