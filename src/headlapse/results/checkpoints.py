"""Weights at an epoch, as safetensors in the `HookedTransformer` layout, with identity and content hash.

The safetensors format has no checksum, so its metadata holds two: the sha256 of the tensors, which identifies the content, and
a CRC-32 of every byte of the file, which is compared on load. Checkpoints are read as numpy arrays, without torch.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from headlapse.errors import CorruptFileError, NonFiniteError
from headlapse.results.headers import FORMAT, Header, Identity, check_identity, header_size, parse_header
from headlapse.results.remedies import CHECKPOINT, DIVERGED, NO_CHECKPOINT
from headlapse.storage.atomic import write_bytes
from headlapse.storage.checksums import ChecksumError, Crc32, Kind, placeholder, verify_checksum, write_checksum
from headlapse.storage.filesystem import read_file

# by the text before a checksum, in JSON within JSON; earlier versions wrote the second
_CHECKSUMS: dict[bytes, Kind] = {b'\\"crc32\\": \\"': Crc32, b'\\"seal\\": \\"': hashlib.sha256}
_DTYPES = {  # source: the safetensors format
    **{f"F{8 * size}": f"<f{size}" for size in (2, 4, 8)},
    **{f"I{8 * size}": f"<i{size}" for size in (1, 2, 4, 8)},
    **{f"U{8 * size}": f"<u{size}" for size in (1, 2, 4, 8)},
    "BOOL": "?",
}
Weights = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Checkpoint:
    """Weights as numpy arrays by `HookedTransformer` name, and the sha256 of their content."""

    weights: dict[str, np.ndarray]
    identity: Identity
    sha256: str
    extra: dict[str, Any]


def write_checkpoint(path: Path, weights: Weights, identity: Identity, extra: Mapping[str, Any] | None = None) -> str:
    """Write `weights` atomically and return their sha256. `extra` is JSON kept beside the identity."""
    content, sha256 = pack_checkpoint(weights, identity, extra)
    write_bytes(path, content)
    return sha256


def pack_checkpoint(weights: Weights, identity: Identity, extra: Mapping[str, Any] | None = None) -> tuple[bytearray, str]:
    """The bytes of a checkpoint, the same for equal arguments, and the sha256 of its weights."""
    # safetensors stores them this way on every machine
    stored = {name: np.asarray(array, array.dtype.newbyteorder("<"), order="C") for name, array in sorted(weights.items())}
    sha256 = content_hash(stored)
    header = {"format": FORMAT, "sha256": sha256, "crc32": placeholder(Crc32), **asdict(identity), "extra": dict(extra or {})}
    # one key: the library writes several in random order
    content = bytearray(save(stored, metadata={"headlapse": json.dumps(header, allow_nan=False)}))
    write_checksum(content, *_checksum_of(content))
    return content, sha256


def read_checkpoint(path: Path, expected: Identity | Callable[[int], Identity], most_bytes: int | None = None) -> Checkpoint:
    """The verified weights in `path`; `expected` may depend on the epoch that the file states.

    A file of more than `most_bytes` is not read. Raises `MissingFileError`, `CorruptFileError` or `IncompatibleFileError`.
    """
    content = read_file(path, NO_CHECKPOINT, limit=most_bytes)
    try:
        verify_checksum(content, *_checksum_of(content))
        header = parse_header(path, content)
        weights = _tensors(content, header)
    except ChecksumError as error:
        raise CorruptFileError(path, str(error), CHECKPOINT) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptFileError(path, f"is not a whole safetensors file ({error})", CHECKPOINT) from error
    check_identity(path, header.identity, expected(header.identity.epoch) if callable(expected) else expected)
    return Checkpoint(weights, header.identity, header.sha256, header.extra)


def check_finite(path: Path, weights: Weights) -> None:
    """Raise `NonFiniteError` if the weights, read from `path`, contain NaN or infinity."""
    with np.errstate(over="ignore", invalid="ignore"):  # a sum of squares that is not finite may just be too large
        suspects = {name: array for name, array in weights.items() if not math.isfinite(np.vdot(array, array))}
    for name, array in suspects.items():
        if not np.isfinite(array).all():
            raise NonFiniteError(path, f"{name} contains NaN or infinity", DIVERGED)


def content_hash(weights: Weights) -> str:
    """sha256 over names, shapes, types and bytes, independent of the order of names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = np.asarray(weights[name], order="C")
        digest.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        digest.update(array.data if array.size else b"")
    return digest.hexdigest()


def _tensors(content: bytes, header: Header) -> dict[str, np.ndarray]:
    """The tensors as read-only views of `content`, without a copy."""
    data = memoryview(content)[8 + header_size(content) :]
    views = {}
    for name, tensor in header.tensors.items():
        start, end = tensor["data_offsets"]
        views[name] = np.frombuffer(data[start:end], dtype=_DTYPES[tensor["dtype"]]).reshape(tensor["shape"])
    return views


def _checksum_of(content: bytes | bytearray) -> tuple[int, Kind]:
    """Position and kind of the digest; position -1 if there is none. It comes before everything else in the header."""
    end = 8 + header_size(content)
    starts = {start: before for before in _CHECKSUMS if (start := content.find(before, 0, end)) >= 0}
    if not starts:
        return -1, Crc32
    before = starts[min(starts)]
    return min(starts) + len(before), _CHECKSUMS[before]
