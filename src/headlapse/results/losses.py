"""The losses of a run: a journal (`headlapse.storage.journal`) with one record per epoch.

Record e holds the train loss before step e and the test loss after it, NaN if it was not evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headlapse import checks
from headlapse.errors import CorruptFileError, FileStateError, MissingFileError
from headlapse.results.remedies import REPAIR
from headlapse.results.scalar_names import TEST_LOSS, TRAIN_LOSS
from headlapse.results.scalars import Series
from headlapse.storage import journal, journal_arrays
from headlapse.storage.atomic import append_bytes
from headlapse.storage.filesystem import open_file

JOURNAL = journal.Kind("train", "test")
LOSS_BYTES = journal.RECORD_BYTES


@dataclass(frozen=True)
class Losses:
    """`train[e]` is the loss before optimizer step e, `test[e]` the loss after it (NaN if not evaluated), in nats.

    The lists of an imported run are numbered as in its source; `of_checkpoints` then holds the losses of each checkpoint's own
    weights.
    """

    train: np.ndarray
    test: np.ndarray
    of_checkpoints: Mapping[str, Sequence[float | None]] | None = None

    def __len__(self) -> int:
        return len(self.train)

    def at(self, epoch: int) -> tuple[float, float]:
        """Train and test loss of the step that led to the weights of a checkpoint, or of the first step.

        NaN if unknown; the loss of a later epoch is never used. Raises `InvalidValueError` if `epoch` is not an epoch.
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

    def as_lists(self) -> dict[str, list[float | None]]:
        """The losses as metadata.json has them; None where none is known."""
        lists = {"train_losses": self.train.tolist(), "test_losses": self.test.tolist()}
        return {name: [None if math.isnan(loss) else loss for loss in values] for name, values in lists.items()}


def read_losses(path: Path, epochs: int = 0) -> Losses:
    """The finished records in the journal; none if it does not exist yet.

    Raises `CorruptFileError` if a record is damaged, or if an existing journal holds fewer than `epochs`.
    """
    try:
        records, is_damaged = journal_arrays.read_finished(path, JOURNAL, REPAIR)
    except MissingFileError:
        return Losses(np.empty(0), np.empty(0))
    if is_damaged or len(records) < epochs:
        raise CorruptFileError(path, f"the losses from epoch {len(records):,} on are damaged", REPAIR)
    return Losses(records["train"], records["test"])


def losses_of_scalars(scalars: Mapping[str, Series]) -> Losses:
    """The losses among the scalars of a recorded run: `train_loss` of epoch e precedes step e, `test_loss` follows step e - 1.

    Raises `CorruptFileError`.
    """
    train, test = (scalars.get(name) for name in (TRAIN_LOSS, TEST_LOSS))
    steps = {"train": _steps(train, 0), "test": _steps(test, 1)}
    length = max(int(epochs[-1]) + 1 if len(epochs) else 0 for epochs, _ in steps.values())
    dense = {name: np.full(length, np.nan) for name in steps}
    for name, (epochs, values) in steps.items():
        dense[name][epochs] = values
    return Losses(dense["train"], dense["test"])


def _steps(series: Series | None, shift: int) -> Series:
    """The series by step, without values before the first step."""
    if series is None:
        return Series(np.empty(0, dtype=np.int64), np.empty(0))
    is_step = series.epochs >= shift
    return Series(series.epochs[is_step] - shift, series.values[is_step])


def salvage_losses(path: Path, epochs: int) -> Losses:
    """Losses of exactly `epochs` epochs, NaN for records that are damaged or missing."""
    records = _first_records(path, epochs) if path.exists() else journal_arrays.records_in(JOURNAL, b"")
    right = journal_arrays.is_right(JOURNAL, records)
    losses = Losses(np.full(epochs, np.nan), np.full(epochs, np.nan))
    for name in ("train", "test"):
        getattr(losses, name)[: len(records)][right] = records[name][right]
    return losses


def count_losses(path: Path) -> int:
    """The number of epochs in the journal, up to its last intact record; 0 if it cannot be read."""
    counted = seen = 0
    with suppress(FileStateError):
        for records, right in journal_arrays.read_blocks(path, JOURNAL, REPAIR):
            if right.any():
                counted = seen + int(np.flatnonzero(right)[-1]) + 1
            seen += len(records)
    return counted


def append_losses(path: Path, epoch: int, train: list[float], test: list[float]) -> None:
    """Append losses from `epoch` on; later records of the journal are replaced.

    Raises `CorruptFileError` if the journal does not reach that epoch.
    """
    if epoch and (not path.exists() or path.stat().st_size < epoch * LOSS_BYTES):
        raise CorruptFileError(path, f"ends before epoch {epoch:,}", REPAIR)
    append_bytes(path, journal_arrays.pack(JOURNAL, train, test, start=epoch), at=epoch * LOSS_BYTES)


def _first_records(path: Path, count: int) -> np.ndarray:
    with open_file(path, REPAIR) as file:
        return journal_arrays.records_in(JOURNAL, file.read(LOSS_BYTES * count))
