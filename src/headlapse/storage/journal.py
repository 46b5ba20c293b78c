"""Journals: files of fixed-size records that grow by appending, so that a long run writes each number once.

A record holds two 8-byte numbers and a check word over both and its position. Records at the end that fail their check were
never finished and are ignored; one that fails before the end is damage.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from headlapse.storage import atomic
from headlapse.storage.filesystem import failures_named, file_size, read_file

ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_WORD = 2**64 - 1
RECORD_BYTES = 24


class Kind(NamedTuple):
    """The names of the two numbers of a record, and their types, `<f8` or `<i8`."""

    first: str
    second: str
    first_type: str = "<f8"
    second_type: str = "<f8"

    @property
    def layout(self) -> struct.Struct:
        """The struct format of the two numbers."""
        codes = {"<f8": "d", "<i8": "q"}
        return struct.Struct(f"<{codes[self.first_type]}{codes[self.second_type]}")


class Appender:
    """Writes one record at a time: it survives a kill of the process at once, and a power cut after the next `sync`.

    There may be only one writer at a time. Raises `WriteFailedError`.
    """

    def __init__(self, path: Path, kind: Kind, count: int) -> None:
        """Records from number `count` on are cut off."""
        self._path, self._count = path, count
        self._layout = kind.layout
        atomic.begin_anew(path, count * RECORD_BYTES)
        with failures_named(path):
            atomic.make_folders(path.parent)
            if not path.exists():
                os.close(atomic.disk.create(path))
                atomic.disk.sync_folder(path.parent)
            self._file = atomic.disk.open(path)
            self._cut()

    def append(self, first: float, second: float) -> None:
        """Add one record, whole or not at all."""
        atomic.check_guards(self._path)
        self._write(first, second)

    def sync(self) -> None:
        """Flush the appended records to the disk."""
        with failures_named(self._path):
            atomic.disk.sync(self._file)

    def close(self) -> None:
        """Close the file. What was appended stays."""
        os.close(self._file)

    def _write(self, first: float, second: float) -> None:
        numbers = self._layout.pack(first, second)
        rest = memoryview(numbers + check_of(numbers, self._count))
        with failures_named(self._path):
            try:
                while rest:
                    rest = rest[atomic.disk.write(self._file, rest) :]
            except BaseException:
                self._cut()
                raise
        self._count += 1

    def _cut(self) -> None:
        atomic.disk.truncate(self._file, self._count * RECORD_BYTES)
        os.lseek(self._file, 0, os.SEEK_END)


def append_together(records: Sequence[tuple[Appender, float, float]]) -> None:
    """Add a record to each of several journals of one run, whose lease is then checked once: it takes longer than a record."""
    for number, (journal, first, second) in enumerate(records):
        if number == 0:
            journal.append(first, second)
        else:
            journal._write(first, second)


def count_written(path: Path) -> int:
    """The number of records that fit into the size of the journal; 0 if it does not exist."""
    return file_size(path) // RECORD_BYTES


def read_plain(path: Path, kind: Kind, remedy: str) -> Iterator[tuple[float, float]]:
    """The finished records one by one, without numpy, for journals of a few thousand. Raises as `read_finished` does."""
    content, layout = read_file(path, remedy), kind.layout
    for place in range(len(content) // RECORD_BYTES):
        record = content[place * RECORD_BYTES : (place + 1) * RECORD_BYTES]
        if record[layout.size :] != check_of(record[: layout.size], place):
            return
        first, second = layout.unpack(record[: layout.size])
        yield first, second


def check_of(numbers: bytes, place: int) -> bytes:
    """A word that changes with each number and with the position: each is multiplied by an odd number, modulo 2**64."""
    one, other = struct.unpack("<QQ", numbers)
    word: int = (one * ODD[0] + other * ODD[1] + place * ODD[2] + ODD[3]) & _WORD
    return word.to_bytes(8, "little")
