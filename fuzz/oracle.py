"""The oracle of targets that read a file: a valid object or a typed error."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from headlapse.errors import HeadlapseError
from headlapse.storage.checksums import ChecksumError, write_checksum

FOLDER = Path(tempfile.mkdtemp())  # in that of the process that started this one, which removes it
FILE = FOLDER / "file"


def check_readers(content: bytes | bytearray, *readers: Callable[[Path], object]) -> None:
    """Every reader takes `content` or raises a typed error that says something."""
    FILE.write_bytes(content)
    for read in readers:
        try:
            read(FILE)
        except HeadlapseError as error:
            assert str(error)


def resealed(content: bytes, place: int, kind: Any) -> bytearray:
    """Most inputs fail at the checksum; half of them are sealed again, so that what lies behind is fuzzed too."""
    sealed = bytearray(content)
    if len(content) % 2:
        with suppress(ChecksumError):
            write_checksum(sealed, place, kind)
    return sealed


def and_damaged(whole: bytes) -> list[bytes]:
    """A whole file, half of it, and nothing."""
    return [whole, whole[: len(whole) // 2], b""]
