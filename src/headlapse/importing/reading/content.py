"""Read any file of weights: find its format, or state in one line why it cannot be read."""

from __future__ import annotations

import zlib
from pathlib import Path
from tokenize import TokenError
from typing import Any
from zipfile import BadZipFile

from headlapse.errors import CorruptFileError, FileStateError, InvalidValueError, MissingFileError
from headlapse.importing.reading.formats import Format, FormatRegistry
from headlapse.importing.reading.raw import REMEDY, RawFile
from headlapse.importing.reading.zips import is_zip

UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    MemoryError,
    EOFError,
    SyntaxError,
    TokenError,  # of numpy's headers
    BadZipFile,
    zlib.error,
)
ARCHIVE = "is an archive; unpack it and import what is in it"
TAR, TAR_AT = b"ustar", 257
_BEGINNINGS = {  # files that people mistake for weights
    b"version https://git-lfs": "is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`",
    b"<!DOCTYPE": "is a web page, not weights; download the file itself",
    b"<html": "is a web page, not weights; download the file itself",
    b"\x89HDF": "is an HDF5 file; save the weights as safetensors",
    **dict.fromkeys((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd"), ARCHIVE),
    b"GGUF": "is a GGUF file; save the weights as safetensors",
}


def read_content(path: Path) -> Any:
    """The content of the file at `path` as plain data: numbers, texts, lists, dictionaries, `StoredTensor` and `StandIn`.

    Raises `MissingFileError`, `CorruptFileError` or `InvalidValueError`, in one line.
    """
    raw = _open(path)
    found = format_of(raw)
    if found is None:
        raise InvalidValueError(f"{path}: {_why_not(raw)}")
    try:
        return found.read(raw)
    except FileStateError:
        raise
    except UNREADABLE as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise CorruptFileError(path, f"cannot be read as {found.title} ({reason})", REMEDY) from error


def looks_like_weights(path: Path) -> bool:
    """Whether the beginning of the file at `path` is that of a known format."""
    try:
        raw = _open(path)
    except FileStateError:
        return False
    try:
        return format_of(raw) is not None
    except CorruptFileError:  # an incomplete zip
        return True


def format_of(raw: RawFile) -> Format | None:
    """The format recognised from the file's bytes; None if no known format matches."""
    formats = map(FormatRegistry.get, FormatRegistry.names())
    try:
        return next((format_ for format_ in formats if format_.recognises(raw)), None)
    except CorruptFileError:
        if is_zip(raw):  # their format can no longer be determined
            raise
        return None


def _open(path: Path) -> RawFile:
    if not path.exists():
        raise MissingFileError(path, "does not exist", "it is not a file or a folder; check the path")
    return RawFile(path)


def _why_not(raw: RawFile) -> str:
    head = raw.read(0, min(raw.size, 64))
    known = next((reason for beginning, reason in _BEGINNINGS.items() if head.startswith(beginning)), None)
    if known is not None:
        return known
    if is_zip(raw) or _is_tar(raw):
        return ARCHIVE
    titles = ", ".join(FormatRegistry.get(name).title for name in FormatRegistry.names())
    return f"{'is empty' if not head else 'is in no known format'}; known formats, whatever the ending: {titles}"


def _is_tar(raw: RawFile) -> bool:
    return raw.size >= TAR_AT + len(TAR) and raw.read(TAR_AT, len(TAR)) == TAR
