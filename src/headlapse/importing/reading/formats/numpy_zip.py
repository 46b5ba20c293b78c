"""numpy.savez and savez_compressed: a zip with one .npy entry per array.

Source: numpy/lib/format.py. Arrays of objects are pickles; they are read as data like any other pickle.
"""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any, ClassVar

import numpy as np
from numpy.lib import format as npy

from headlapse.importing.reading.arrays import array_of
from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.pickles import read_pickle
from headlapse.importing.reading.raw import RawFile
from headlapse.importing.reading.standins import Name, StandIn
from headlapse.importing.reading.zips import Zip, is_zip

ENDING = ".npy"


class NumpyZip:
    name: ClassVar[str] = "numpy_zip"
    title: ClassVar[str] = "numpy (.npz)"

    def recognises(self, raw: RawFile) -> bool:
        return is_zip(raw) and any(name.endswith(ENDING) for name in Zip(raw).names)

    def read(self, raw: RawFile) -> dict[str, Any]:
        entries = Zip(raw)
        arrays = [name for name in entries.names if name.endswith(ENDING)]
        return {name.removesuffix(ENDING): _array(entries, name) for name in arrays}


def _array(entries: Zip, name: str) -> Any:
    content = BytesIO(entries.read(name))
    read_header = npy.read_array_header_1_0 if npy.read_magic(content) == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read_header(content)
    start = content.tell()
    if dtype.hasobject:
        return _objects(content, shape)
    if entries.size(name) - start != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"{name} of shape {shape} holds {entries.size(name) - start} bytes")
    try:
        return array_of(shape, dtype, fortran, (entries.raw.path, name), lambda: entries.read(name)[start:])
    except TypeError:  # texts
        return _text(np.frombuffer(content.read(), dtype), shape)


def _text(array: np.ndarray, shape: tuple[int, ...]) -> Any:
    values: list[Any] = array.tolist()
    return values if shape else values[0]


def _objects(content: BytesIO, shape: tuple[int, ...]) -> Any:
    """The objects of an array as a list; one that is alone, as `np.savez(path, model=dictionary)` writes it, as itself."""
    found = read_pickle(content, lambda identifier: StandIn(Name("?", str(identifier))))
    return found[0] if shape == () and isinstance(found, list) and len(found) == 1 else found


FormatRegistry.register(NumpyZip())
