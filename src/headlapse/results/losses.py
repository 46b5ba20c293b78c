"""The losses of a run: a journal of fixed-size records that grows by appending, so a long run writes each loss once.

Record e holds the train loss before step e and the test loss after it, two little-endian float64 (NaN where it was not
evaluated), and a check word over both and e. Records at the end that fail their check were never finished and are not
there; one that fails before the end is damage.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headlapse import checks
from headlapse.errors import CorruptFileError, FileStateError, MissingFileError
from headlapse.results.remedies import REPAIR
from headlapse.storage.atomic import append_bytes
from headlapse.storage.filesystem import open_file

_RECORD = np.dtype([("train", "<f8"), ("test", "<f8"), ("check", "<u8")])
LOSS_BYTES = _RECORD.itemsize
BLOCK_RECORDS = 2**16
_ODD = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93))


@dataclass(frozen=True)
class Losses:
    """`train[e]` is the loss before optimizer step e, `test[e]` the loss after it (NaN where it was not evaluated), in nats.

    Those of an imported run stand as its source numbers them; `of_checkpoints` then says the losses of each checkpoint's own
    weights.
    """

    train: np.ndarray
    test: np.ndarray
    of_checkpoints: Mapping[str, Sequence[float | None]] | None = None

    def __len__(self) -> int:
        return len(self.train)

    def at(self, epoch: int) -> tuple[float, float]:
        """Train and test loss nearest to the weights of a checkpoint: of the step that led to them, or of the first step.

        NaN where they are not known: a loss is never that of a later epoch. Raises `InvalidValueError` for what is no epoch.
        """
        step = max(checks.whole("epoch", epoch) - 1, 0)
        if self.of_checkpoints:
            train, test = (math.nan if loss is None else loss for loss in self.of_checkpoints.get(str(epoch), (None, None)))
            return train, test
        if step >= len(self):
            return math.nan, math.nan
        evaluated = np.flatnonzero(np.isfinite(self.test[: step + 1]))
        test = self.test[evaluated[-1]] if len(evaluated) else np.nan
        return float(self.train[step]), float(test)


def read_losses(path: Path, epochs: int = 0) -> Losses:
    """The finished records in the journal; none where it does not exist yet.

    Raises `CorruptFileError` where a record is damaged, or where an existing journal holds fewer than `epochs`.
    """
    whole: list[np.ndarray] = []
    has_ended = is_damaged = False
    try:
        for records, right in _blocks(path):
            count = 0 if has_ended else int(np.argmin(np.append(right, False)))
            whole.append(records[:count])
            has_ended |= count < len(records)
            is_damaged |= bool(right[count:].any())
    except MissingFileError:
        epochs = 0
    finished = sum(map(len, whole))
    if is_damaged or finished < epochs:
        raise CorruptFileError(path, f"the losses from epoch {finished:,} on are damaged", REPAIR)
    records = np.concatenate([np.empty(0, dtype=_RECORD), *whole])
    return Losses(records["train"], records["test"])


def salvage_losses(path: Path, epochs: int) -> Losses:
    """Losses of exactly `epochs` epochs, NaN where the journal is damaged or ends early."""
    records = _first_records(path, epochs) if path.exists() else _records(b"")
    right = records["check"] == _check(records)
    losses = Losses(np.full(epochs, np.nan), np.full(epochs, np.nan))
    for name in ("train", "test"):
        getattr(losses, name)[: len(records)][right] = records[name][right]
    return losses


def count_losses(path: Path) -> int:
    """How many epochs the journal tells of: up to its last record that is whole; 0 where it cannot be read."""
    counted = seen = 0
    with suppress(FileStateError):
        for records, right in _blocks(path):
            if right.any():
                counted = seen + int(np.flatnonzero(right)[-1]) + 1
            seen += len(records)
    return counted


def append_losses(path: Path, epoch: int, train: list[float], test: list[float]) -> None:
    """Append losses from `epoch` on; anything the journal holds beyond that epoch is replaced.

    Raises `CorruptFileError` where the journal does not reach that epoch.
    """
    if epoch and (not path.exists() or path.stat().st_size < epoch * LOSS_BYTES):
        raise CorruptFileError(path, f"ends before epoch {epoch:,}", REPAIR)
    records = np.empty(len(train), dtype=_RECORD)
    records["train"] = train
    records["test"] = test
    records["check"] = _check(records, first=epoch)
    append_bytes(path, records.tobytes(), at=epoch * LOSS_BYTES)


def _blocks(path: Path) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The records in their order, some at a time, each with whether its check is right: memory does not grow with the file."""
    first = 0
    with open_file(path, REPAIR) as file:
        while content := file.read(LOSS_BYTES * BLOCK_RECORDS):
            records = _records(content)
            yield records, records["check"] == _check(records, first)
            first += len(records)
            if len(records) < BLOCK_RECORDS:  # the file may grow meanwhile
                return


def _first_records(path: Path, count: int) -> np.ndarray:
    with open_file(path, REPAIR) as file:
        return _records(file.read(LOSS_BYTES * count))


def _records(content: bytes) -> np.ndarray:
    whole = len(content) - len(content) % LOSS_BYTES
    return np.frombuffer(content[:whole], dtype=_RECORD)


def _check(records: np.ndarray, first: int = 0) -> np.ndarray:
    """A word that changes whenever one of the three changes: each is multiplied by an odd number, modulo 2**64."""
    epochs = np.arange(first, first + len(records), dtype=np.uint64)
    train, test = (np.ascontiguousarray(records[name]).view(np.uint64) for name in ("train", "test"))
    check: np.ndarray = train * _ODD[0] + test * _ODD[1] + epochs * _ODD[2] + _ODD[3]
    return check
