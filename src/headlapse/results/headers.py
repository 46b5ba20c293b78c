"""The header of a file of weights: its identity, the sha256 of its tensors, and values recorded with them.

It is the first part of a safetensors file, so thousands of headers can be read without the tensors.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, FileStateError, IncompatibleFileError
from headlapse.results.remedies import CHECKPOINT, NO_CHECKPOINT
from headlapse.storage.filesystem import open_file

FORMAT = "headlapse-weights-1"
MAX_HEADER_BYTES = 10_000_000


@dataclass(frozen=True)
class Identity:
    """The run and epoch of a file of weights; compared on load, so that a file copied from elsewhere is refused."""

    family: str
    variant: str
    epoch: int


@dataclass(frozen=True)
class Header:
    """The values that this program wrote into a file's header, and the positions of the tensors in the file."""

    identity: Identity
    sha256: str
    extra: dict[str, Any]
    tensors: dict[str, Any]


def read_hash(path: Path, expected: Identity) -> str:
    """The sha256 that a checkpoint states, read from its header only and not verified."""
    return _checked_header(path, expected).sha256


def read_extra(path: Path, expected: Identity) -> dict[str, Any]:
    """The metadata of a checkpoint, read from its header only and not verified."""
    return _checked_header(path, expected).extra


def read_epoch(path: Path) -> int:
    """The epoch that a training state states, read from its header only; 0 if there is no state to continue from."""
    try:
        return _read_header(path).identity.epoch
    except FileStateError:
        return 0


def parse_header(path: Path, content: bytes) -> Header:
    """The header of a safetensors file. Source: the safetensors format, 8 bytes of length, then JSON."""
    try:
        tensors = json.loads(content[8 : 8 + header_size(content)])
        header = json.loads(tensors.pop("__metadata__")["headlapse"])
        identity = Identity(str(header["family"]), str(header["variant"]), int(header["epoch"]))
        found = Header(identity, header["sha256"], header["extra"], tensors)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorruptFileError(path, "is not a whole checkpoint of this program", CHECKPOINT) from error
    if header.get("format") != FORMAT:
        raise IncompatibleFileError(path, f"has format {header.get('format')!r}, expected {FORMAT!r}", CHECKPOINT)
    return found


def header_size(content: bytes | bytearray) -> int:
    """Bytes of the JSON that follows the first eight."""
    return int.from_bytes(content[:8], "little") if len(content) >= 8 else 0


def check_identity(path: Path, found: Identity, expected: Identity) -> None:
    """Raise `IncompatibleFileError` if the file belongs to another run or epoch."""
    if found != expected:
        raise IncompatibleFileError(path, f"belongs to {found}, expected {expected}", "move it back where it came from")


def _read_header(path: Path) -> Header:
    with open_file(path, CHECKPOINT, NO_CHECKPOINT) as file:
        start = file.read(8)
        content = start + file.read(min(header_size(start), MAX_HEADER_BYTES))
    return parse_header(path, content)


def _checked_header(path: Path, expected: Identity) -> Header:
    header = _read_header(path)
    check_identity(path, header.identity, expected)
    return header
