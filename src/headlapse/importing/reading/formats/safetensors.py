"""safetensors: eight bytes of length, a header in JSON, then the numbers.

Source: the safetensors format description. `__metadata__` contains texts; those that are JSON are parsed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import torch

from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.raw import RawFile, tensor_of
from headlapse.importing.reading.tensors import StoredTensor

_TYPES = {
    **{f"F{bits}": f"float{bits}" for bits in (16, 32, 64)},
    **{f"I{bits}": f"int{bits}" for bits in (8, 16, 32, 64)},
    **{f"U{bits}": f"uint{bits}" for bits in (8, 16, 32, 64)},
    "BF16": "bfloat16",
    "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "C64": "complex64",
}
OWN = "headlapse"  # the one key of the metadata in checkpoints of this program
LONGEST_HEADER = 100_000_000  # bytes, the limit of the format's own library


class Safetensors:
    """A safetensors file."""

    name: ClassVar[str] = "safetensors"
    title: ClassVar[str] = "safetensors"

    def recognises(self, raw: RawFile) -> bool:
        head = raw.read(0, min(raw.size, 9))
        return head[8:] == b"{" and int.from_bytes(head[:8], "little") < 2**40

    def read(self, raw: RawFile) -> dict[str, Any]:
        size = int.from_bytes(raw.read(0, 8), "little")
        if size > LONGEST_HEADER:
            raise ValueError(f"its header claims {size:,} bytes")
        header = json.loads(raw.read(8, size))
        metadata = header.pop("__metadata__", {})
        tensors = {name: _tensor(raw, 8 + size, **tensor) for name, tensor in header.items()}
        return {**_plain(metadata, tensors), **tensors}


def _tensor(raw: RawFile, base: int, dtype: str, shape: list[int], data_offsets: list[int]) -> StoredTensor:
    kind: torch.dtype = getattr(torch, _TYPES[dtype])
    sizes, (start, end) = tuple(shape), data_offsets
    found = StoredTensor(sizes, kind, (raw.path, start, end, sizes), lambda: tensor_of(read(), kind, sizes))
    if min(sizes, default=0) < 0 or found.size != end - start or start < 0 or base + end > raw.size:
        raise ValueError(f"a tensor of shape {sizes} claims bytes {start} to {end} of {raw.size - base}")
    read = partial(raw.read, base + start, end - start)
    return found


def _plain(metadata: Mapping[str, str], tensors: Mapping[str, StoredTensor]) -> dict[str, Any]:
    """The content of the metadata, without names of tensors: `save_model` writes these for copies that it leaves out."""
    found: dict[str, Any] = {name: _value(text) for name, text in metadata.items() if name not in tensors}
    copies = {name: tensors[kept] for name, kept in found.items() if isinstance(kept, str) and kept in tensors}
    own = found.pop(OWN, None)
    if isinstance(own, dict):
        extra = own.get("extra")
        loss = extra.get("test_loss") if isinstance(extra, dict) else None  # the train loss there is that before the last step
        found |= {OWN: own, "epoch": own.get("epoch"), "test_loss": loss}
    return found | copies


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


FormatRegistry.register(Safetensors())
