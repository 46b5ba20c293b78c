"""torch.save since torch 1.6: a zip with a pickle `data.pkl` and one entry per storage.

Source: torch/serialization.py, `_save`.
"""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any, ClassVar

from headlapse.importing.reading.builders import torch_type
from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.pickles import read_pickle
from headlapse.importing.reading.raw import RawFile
from headlapse.importing.reading.tensors import Storage
from headlapse.importing.reading.zips import Zip, is_zip

PICKLE = "data.pkl"


class TorchZip:
    """A file of `torch.save` since torch 1.6."""

    name: ClassVar[str] = "torch_zip"
    title: ClassVar[str] = "torch (zip)"

    def recognises(self, raw: RawFile) -> bool:
        return is_zip(raw) and any(_is_pickle(name) for name in Zip(raw).names)

    def read(self, raw: RawFile) -> Any:
        entries = Zip(raw)
        (pickle,) = [name for name in entries.names if _is_pickle(name)]
        place = pickle.removesuffix(PICKLE)
        is_swapped = f"{place}byteorder" in entries.names and entries.read(f"{place}byteorder") == b"big"

        def storage(identifier: Any) -> Storage:
            kind, type_, key, _, count, *_ = identifier
            if kind != "storage":
                raise ValueError(f"a {kind} is not a storage")
            dtype, entry = torch_type(type_), f"{place}data/{key}"
            if count * dtype.itemsize > entries.size(entry):
                raise ValueError(f"{entry} holds {entries.size(entry)} bytes, not {count} {dtype} numbers")
            read = partial(_swapped, entries, entry, dtype.itemsize) if is_swapped else partial(entries.read, entry)
            return Storage(raw.path, dtype, count, (raw.path, entry), read)

        return read_pickle(BytesIO(entries.read(pickle)), storage)


def _is_pickle(name: str) -> bool:
    return name == PICKLE or (name.endswith(f"/{PICKLE}") and name.count("/") == 1)


def _swapped(entries: Zip, entry: str, size: int) -> bytes:
    """Swap the bytes of numbers of `size` bytes from a machine with the other byte order."""
    content = entries.read(entry)
    return b"".join(content[start : start + size][::-1] for start in range(0, len(content), size))


FormatRegistry.register(TorchZip())
