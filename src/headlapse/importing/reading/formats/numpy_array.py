"""numpy.save: one array, or a dictionary that numpy pickles as an array of one object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.npy import read_array
from headlapse.importing.reading.raw import RawFile

MAGIC = b"\x93NUMPY"


class NumpyArray:
    """A file that `numpy.save` wrote."""

    name: ClassVar[str] = "numpy_array"
    title: ClassVar[str] = "numpy (.npy)"

    def recognises(self, raw: RawFile) -> bool:
        return raw.read(0, min(raw.size, len(MAGIC))) == MAGIC

    def read(self, raw: RawFile) -> Any:
        found = read_array(raw.read(0, raw.size), raw.path, lambda: raw.read(0, raw.size))
        return found if isinstance(found, Mapping | list) else {raw.path.stem: found}


FormatRegistry.register(NumpyArray())
