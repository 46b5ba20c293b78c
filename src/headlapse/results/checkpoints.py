"""Weights at an epoch, as safetensors in the `HookedTransformer` layout, with identity and content hash.

The safetensors format has no checksum, so two travel in its metadata: the sha256 of the tensors, which names the content, and
a seal over every byte of the file, which is compared on load. Reading gives numpy arrays: torch is not needed to look at a
checkpoint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from headlapse.errors import CorruptFileError, FileStateError, IncompatibleFileError, MissingFileError
from headlapse.results.atomic import write_bytes
from headlapse.results.disk import read_file
from headlapse.results.seals import SealError, check_seal, placeholder, seal

FORMAT = "headlapse-weights-1"
REMEDY = "the other epochs are not affected; train with --restart to recreate it"
MISSING = "train the variant, or pick another epoch"
MAX_HEADER_BYTES = 10_000_000
_BEFORE_SEAL = b'\\"seal\\": \\"'  # as it stands in JSON within JSON
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
    content, sha256 = pack_checkpoint(weights, identity, extra)
    write_bytes(path, content)
    return sha256


def pack_checkpoint(
    weights: Weights, identity: Identity, extra: Mapping[str, Any] | None = None
) -> tuple[bytearray, str]:
    """The bytes of a checkpoint, equal for equal arguments, and the sha256 of its weights."""
    sha256 = content_hash(weights)
    header = {"format": FORMAT, "sha256": sha256, "seal": placeholder(), **asdict(identity), "extra": dict(extra or {})}
    contiguous = {name: np.asarray(weights[name], order="C") for name in sorted(weights)}
    # one key: the library writes several in random order
    content = bytearray(save(contiguous, metadata={"headlapse": json.dumps(header, allow_nan=False)}))
    seal(content, _seal_at(content))
    return content, sha256


def read_checkpoint(path: Path, expected: Identity | Callable[[int], Identity]) -> Checkpoint:
    """The weights in `path`, verified; `expected` may depend on the epoch the file states.

    Raises `MissingFileError`, `CorruptFileError` or `IncompatibleFileError`.
    """
    content = read_file(path, MISSING)
    try:
        check_seal(content, _seal_at(content))
        header = _header(path, content)
        weights = load(content)
    except SealError as error:
        raise CorruptFileError(path, str(error), REMEDY) from error
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CorruptFileError(path, f"is not a whole safetensors file ({error})", REMEDY) from error
    _check_identity(path, header.identity, expected(header.identity.epoch) if callable(expected) else expected)
    return Checkpoint(weights, header.identity, header.sha256, header.extra)


def read_hash(path: Path, expected: Identity) -> str:
    """The sha256 a checkpoint states, read from its header alone, which is not verified."""
    return _checked_header(path, expected).sha256


def read_extra(path: Path, expected: Identity) -> dict[str, Any]:
    """What a checkpoint says besides its weights, read from its header alone, which is not verified."""
    return _checked_header(path, expected).extra


def read_epoch(path: Path) -> int:
    """The epoch a training state states, read from its header alone; 0 where there is none to continue from."""
    try:
        return _read_header(path).identity.epoch
    except FileStateError:
        return 0


def content_hash(weights: Weights) -> str:
    """sha256 over names, shapes, types and bytes, independent of the order of names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = np.asarray(weights[name], order="C")
        digest.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        digest.update(array.data if array.size else b"")
    return digest.hexdigest()


@dataclass(frozen=True)
class _Header:
    identity: Identity
    sha256: str
    extra: dict[str, Any]


def _header(path: Path, content: bytes) -> _Header:
    """The part of safetensors this program wrote itself. Source: the safetensors format, 8 bytes of length, then JSON."""
    try:
        metadata = json.loads(content[8 : 8 + _header_size(content)])["__metadata__"]
        header = json.loads(metadata["headlapse"])
        identity = Identity(str(header["family"]), str(header["variant"]), int(header["epoch"]))
        found = _Header(identity, header["sha256"], header["extra"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorruptFileError(path, "is not a whole checkpoint of this program", REMEDY) from error
    if header.get("format") != FORMAT:
        raise IncompatibleFileError(path, f"has format {header.get('format')!r}, expected {FORMAT!r}", REMEDY)
    return found


def _read_header(path: Path) -> _Header:
    try:
        with path.open("rb") as file:
            start = file.read(8)
            content = start + file.read(min(_header_size(start), MAX_HEADER_BYTES))
    except FileNotFoundError as error:
        raise MissingFileError(path, "does not exist", MISSING) from error
    except OSError as error:
        raise CorruptFileError(path, f"cannot be read ({error.strerror})", REMEDY) from error
    return _header(path, content)


def _checked_header(path: Path, expected: Identity) -> _Header:
    header = _read_header(path)
    _check_identity(path, header.identity, expected)
    return header


def _header_size(content: bytes | bytearray) -> int:
    return int.from_bytes(content[:8], "little") if len(content) >= 8 else 0


def _seal_at(content: bytes | bytearray) -> int:
    start = content.find(_BEFORE_SEAL, 0, 8 + _header_size(content))
    return start + len(_BEFORE_SEAL) if start >= 0 else -1


def _check_identity(path: Path, found: Identity, expected: Identity) -> None:
    if found != expected:
        raise IncompatibleFileError(path, f"belongs to {found}, expected {expected}", "move it back where it came from")
