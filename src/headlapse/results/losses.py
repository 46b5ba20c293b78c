"""The losses of a run: a journal of fixed-size records that grows by appending, so a long run writes each loss once.

Record e holds the train loss before step e and the test loss after it, two little-endian float64 (NaN where it was not
evaluated), and a check word over both and e. Records at the end that fail their check were never finished and are not
there; one that fails before the end is damage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headlapse import checks
from headlapse.errors import CorruptFileError, MissingFileError
from headlapse.results.remedies import REPAIR
from headlapse.storage.atomic import append_bytes
from headlapse.storage.filesystem import read_file

_RECORD = np.dtype([("train", "<f8"), ("test", "<f8"), ("check", "<u8")])
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
    try:
        content = read_file(path, REPAIR)
    except MissingFileError:
        content, epochs = b"", 0
    records = _records(content)
    wrong = np.flatnonzero(records["check"] != _check(records))
    finished = int(wrong[0]) if len(wrong) else len(records)
    if len(wrong) != len(records) - finished or finished < epochs:
        raise CorruptFileError(path, f"the losses from epoch {finished:,} on are damaged", REPAIR)
    return Losses(records["train"][:finished], records["test"][:finished])


def salvage_losses(path: Path, epochs: int) -> Losses:
    """Losses of exactly `epochs` epochs, NaN where the journal is damaged or ends early."""
    records = _records(read_file(path, REPAIR) if path.exists() else b"")[:epochs]
    right = records["check"] == _check(records)
    losses = Losses(np.full(epochs, np.nan), np.full(epochs, np.nan))
    for name in ("train", "test"):
        getattr(losses, name)[: len(records)][right] = records[name][right]
    return losses


def count_losses(path: Path) -> int:
    """How many records the journal has room for, damaged ones included."""
    return path.stat().st_size // _RECORD.itemsize if path.is_file() else 0


def append_losses(path: Path, epoch: int, train: list[float], test: list[float]) -> None:
    """Append losses from `epoch` on; anything the journal holds beyond that epoch is replaced.

    Raises `CorruptFileError` where the journal does not reach that epoch.
    """
    if epoch and (not path.exists() or path.stat().st_size < epoch * _RECORD.itemsize):
        raise CorruptFileError(path, f"ends before epoch {epoch:,}", REPAIR)
    records = np.empty(len(train), dtype=_RECORD)
    records["train"] = train
    records["test"] = test
    records["check"] = _check(records, first=epoch)
    append_bytes(path, records.tobytes(), at=epoch * _RECORD.itemsize)


def _records(content: bytes) -> np.ndarray:
    whole = len(content) - len(content) % _RECORD.itemsize
    return np.frombuffer(content[:whole], dtype=_RECORD)


def _check(records: np.ndarray, first: int = 0) -> np.ndarray:
    """A word that changes whenever one of the three changes: each is multiplied by an odd number, modulo 2**64."""
    epochs = np.arange(first, first + len(records), dtype=np.uint64)
    train, test = (np.ascontiguousarray(records[name]).view(np.uint64) for name in ("train", "test"))
    check: np.ndarray = train * _ODD[0] + test * _ODD[1] + epochs * _ODD[2] + _ODD[3]
    return check
