"""numpy.savez and savez_compressed: a zip with one .npy entry per array."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.npy import read_array
from headlapse.importing.reading.raw import RawFile
from headlapse.importing.reading.zips import Zip, is_zip

ENDING = ".npy"


class NumpyZip:
    """A file that `numpy.savez` wrote."""

    name: ClassVar[str] = "numpy_zip"
    title: ClassVar[str] = "numpy (.npz)"

    def recognises(self, raw: RawFile) -> bool:
        return is_zip(raw) and any(name.endswith(ENDING) for name in Zip(raw).names)

    def read(self, raw: RawFile) -> dict[str, Any]:
        entries = Zip(raw)
        arrays = [name for name in entries.names if name.endswith(ENDING)]
        return {
            name.removesuffix(ENDING): read_array(entries.read(name), (raw.path, name), partial(entries.read, name))
            for name in arrays
        }


FormatRegistry.register(NumpyZip())
