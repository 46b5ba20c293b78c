"""Journals (`headlapse.storage.journal`) as numpy arrays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from headlapse.storage.filesystem import open_file
from headlapse.storage.journal import ODD, RECORD_BYTES, Kind

BLOCK_RECORDS = 2**16


def dtype_of(kind: Kind) -> np.dtype[np.void]:
    """The numpy dtype of a record."""
    return np.dtype([(kind.first, kind.first_type), (kind.second, kind.second_type), ("check", "<u8")])


class Finished(NamedTuple):
    """The records of a journal before the first broken one, and whether an intact one follows, which means damage."""

    records: np.ndarray
    is_damaged: bool


def pack(kind: Kind, first: object, second: object, start: int) -> bytes:
    """The bytes of records, the first of which is number `start` of the journal; each array has one number per record."""
    numbers = np.asarray(first, dtype=kind.first_type)
    records = np.empty(len(numbers), dtype=dtype_of(kind))
    records[kind.first], records[kind.second] = numbers, second
    records["check"] = _check(kind, records, start)
    return records.tobytes()


def read_finished(path: Path, kind: Kind, remedy: str) -> Finished:
    """The records of the journal. Raises `MissingFileError`, or `CorruptFileError` if it cannot be read."""
    whole: list[np.ndarray] = []
    has_ended = is_damaged = False
    for records, right in read_blocks(path, kind, remedy):
        count = 0 if has_ended else int(np.argmin(np.append(right, False)))
        whole.append(records[:count])
        has_ended |= count < len(records)
        is_damaged |= bool(right[count:].any())
    return Finished(np.concatenate([np.empty(0, dtype=dtype_of(kind)), *whole]), is_damaged)


def read_blocks(path: Path, kind: Kind, remedy: str) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The records in blocks, each with whether its check word is right; memory does not grow with the file."""
    first = 0
    with open_file(path, remedy) as file:
        while content := file.read(RECORD_BYTES * BLOCK_RECORDS):
            records = records_in(kind, content)
            yield records, is_right(kind, records, first)
            first += len(records)
            if len(records) < BLOCK_RECORDS:  # the file may grow meanwhile
                return


def records_in(kind: Kind, content: bytes) -> np.ndarray:
    """The complete records in `content`."""
    whole = len(content) - len(content) % RECORD_BYTES
    return np.frombuffer(content[:whole], dtype=dtype_of(kind))


def is_right(kind: Kind, records: np.ndarray, start: int = 0) -> np.ndarray:
    """Whether the check word of each record is right; the first record is number `start`."""
    right: np.ndarray = records["check"] == _check(kind, records, start)
    return right


def _check(kind: Kind, records: np.ndarray, start: int) -> np.ndarray:
    """`check_of` of each record."""
    places = np.arange(start, start + len(records), dtype=np.uint64)
    odd = tuple(map(np.uint64, ODD))
    one, other = (np.ascontiguousarray(records[name]).view(np.uint64) for name in (kind.first, kind.second))
    check: np.ndarray = one * odd[0] + other * odd[1] + places * odd[2] + odd[3]
    return check
