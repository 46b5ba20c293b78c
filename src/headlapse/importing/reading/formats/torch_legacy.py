"""torch.save before torch 1.6, and plain pickles: several pickles in a row, then the storages.

Source: torch/serialization.py, `_legacy_save`.
"""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from headlapse.importing.reading.builders import torch_type
from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.pickles import read_pickle
from headlapse.importing.reading.raw import Raw, RawBytes, RawFile, stream
from headlapse.importing.reading.tensors import Storage

MAGIC = 0x1950A86A20F9469CFC6C
FIRST_BYTES = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))


class TorchLegacy:
    """A file of `torch.save` before torch 1.6, or any pickle."""

    name: ClassVar[str] = "torch_legacy"
    title: ClassVar[str] = "torch (before 1.6) or a plain pickle"

    def recognises(self, raw: RawFile) -> bool:
        return raw.read(0, min(raw.size, 2)) in FIRST_BYTES

    def read(self, raw: RawFile) -> Any:
        return _read(raw)


def read_storage(content: bytes) -> Storage:
    """The storage in the bytes of a torch file. Raises `TypeError` if they contain something else."""
    found = _read(RawBytes(content, Path("a storage in a pickle")))
    if not isinstance(found, Storage):
        raise TypeError(f"a pickle holds a {type(found).__name__} where a storage should be")
    return found


def _read(raw: Raw) -> Any:
    content = stream(raw)
    first = read_pickle(content, _no_storage)
    if first != MAGIC:
        return first
    version = read_pickle(content, _no_storage)
    read_pickle(content, _no_storage)  # sizes of numbers on the machine that wrote the file
    if version != 1001:
        raise ValueError(f"version {version} of the torch format is not known")
    places: dict[str, tuple[int, int]] = {}
    found = read_pickle(content, partial(_storage, raw, places))
    keys = read_pickle(content, _no_storage)
    _fill(content, keys, places)
    return found


def _storage(raw: Raw, places: dict[str, tuple[int, int]], identifier: Any) -> Any:
    """The storage of a persistent id; the position of its bytes is known only after the pickle."""
    if identifier[0] == "module":  # source code stored with a model
        return identifier[1]
    kind, type_, key, _, count, *view = identifier
    if kind != "storage" or any(view):
        raise ValueError(f"a {kind} is not a storage")
    dtype = torch_type(type_)
    places[key] = (dtype.itemsize, count)
    return Storage(raw.path, dtype, count, (raw.path, id(places), key), lambda: raw.read(*places[key]))


def _fill(content: BytesIO, keys: list[str], places: dict[str, tuple[int, int]]) -> None:
    """Replace the size of each storage by its position and number of bytes."""
    for key in keys:
        size, count = places[key]
        if int.from_bytes(content.read(8), "little") != count:
            raise ValueError(f"storage {key} does not hold {count} numbers")
        start = content.tell()
        places[key] = (start, size * count)
        if content.seek(size * count, 1) > len(content.getbuffer()):
            raise ValueError(f"storage {key} is cut off")


def _no_storage(identifier: Any) -> Any:
    raise ValueError(f"{identifier!r} stands where no storage can be")


FormatRegistry.register(TorchLegacy())
