"""Weights at an epoch, as safetensors in the `HookedTransformer` layout, with identity and content hash.

The safetensors format has no checksum, so the sha256 of the tensors travels in the file's metadata and is compared on load.
Reading gives numpy arrays: torch is not needed to look at a checkpoint.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from headlapse.errors import CorruptFileError, IncompatibleFileError, MissingFileError
from headlapse.results.atomic import write_bytes

FORMAT = "headlapse-weights-1"
REMEDY = "delete it and train again to recreate it"
Weights = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Identity:
    """What a file of weights belongs to; compared on load, so that a file copied from elsewhere is refused."""

    family: str
    variant: str
    epoch: int


@dataclass(frozen=True)
class Checkpoint:
    """Weights as numpy arrays by `HookedTransformer` name, and the sha256 of their content."""

    weights: dict[str, np.ndarray]
    identity: Identity
    sha256: str
    extra: dict[str, Any]


def write_checkpoint(path: Path, weights: Weights, identity: Identity, extra: Mapping[str, Any] | None = None) -> str:
    """Write `weights` atomically and return their sha256. `extra` is JSON kept beside the identity."""
    sha256 = content_hash(weights)
    header = {"family": identity.family, "variant": identity.variant, "epoch": identity.epoch, **(extra or {})}
    metadata = {"format": FORMAT, "sha256": sha256, "headlapse": json.dumps(header, sort_keys=True, allow_nan=False)}
    contiguous = {name: np.ascontiguousarray(weights[name]) for name in sorted(weights)}
    write_bytes(path, save(contiguous, metadata=metadata))
    return sha256


def read_checkpoint(path: Path, expected: Identity | Callable[[int], Identity]) -> Checkpoint:
    """The weights in `path`, verified; `expected` may depend on the epoch the file states.

    Raises `MissingFileError`, `CorruptFileError` or `IncompatibleFileError`.
    """
    content = _read(path)
    header = _header(path, content)
    try:
        weights = load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CorruptFileError(path, f"is not a whole safetensors file ({error})", REMEDY) from error
    if content_hash(weights) != header.sha256:
        raise CorruptFileError(path, "its content does not match its sha256", REMEDY)
    _check_identity(path, header.identity, expected(header.identity.epoch) if callable(expected) else expected)
    return Checkpoint(weights, header.identity, header.sha256, header.extra)


def read_hash(path: Path, expected: Identity) -> str:
    """The sha256 a checkpoint states, read from its header alone."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            size = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            content = start + file.read(min(size, 10_000_000))
    except FileNotFoundError as error:
        raise MissingFileError(path, "does not exist", "train the variant, or pick another epoch") from error
    header = _header(path, content)
    _check_identity(path, header.identity, expected)
    return header.sha256


def content_hash(weights: Weights) -> str:
    """sha256 over names, shapes, types and bytes, independent of the order of names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = np.ascontiguousarray(weights[name])
        digest.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        digest.update(array.data if array.size else b"")
    return digest.hexdigest()


@dataclass(frozen=True)
class _Header:
    identity: Identity
    sha256: str
    extra: dict[str, Any]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(path, "does not exist", "train the variant, or pick another epoch") from error


def _header(path: Path, content: bytes) -> _Header:
    """The part of safetensors this program wrote itself. Source: the safetensors format, 8 bytes of length, then JSON."""
    try:
        size = struct.unpack("<Q", content[:8])[0]
        metadata = json.loads(content[8 : 8 + size])["__metadata__"]
        header = json.loads(metadata["headlapse"])
        identity = Identity(header.pop("family"), header.pop("variant"), header.pop("epoch"))
        sha256 = metadata["sha256"]
    except (struct.error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorruptFileError(path, "is not a whole checkpoint of this program", REMEDY) from error
    if metadata.get("format") != FORMAT:
        raise IncompatibleFileError(path, f"has format {metadata.get('format')!r}, expected {FORMAT!r}", REMEDY)
    return _Header(identity, sha256, header)


def _check_identity(path: Path, found: Identity, expected: Identity) -> None:
    if found != expected:
        raise IncompatibleFileError(path, f"belongs to {found}, expected {expected}", "move it back where it came from")
