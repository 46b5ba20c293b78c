"""The losses of a run: a journal of fixed-size records that grows by appending, so a long run writes each loss once.

Record e holds the train loss before step e and the test loss after it, two little-endian float64; a test loss that was not
evaluated is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headlapse.results.atomic import append_bytes

_RECORD = np.dtype([("train", "<f8"), ("test", "<f8")])


@dataclass(frozen=True)
class Losses:
    """`train[e]` is the loss before optimizer step e, `test[e]` the loss after it (NaN where it was not evaluated), in nats."""

    train: np.ndarray
    test: np.ndarray

    def __len__(self) -> int:
        return len(self.train)

    def at(self, epoch: int) -> tuple[float, float]:
        """Train and test loss nearest to the weights of a checkpoint: of the step that led to them, or of the first step."""
        if len(self) == 0:
            return float("nan"), float("nan")
        step = min(max(epoch - 1, 0), len(self) - 1)
        evaluated = np.flatnonzero(np.isfinite(self.test[: step + 1]))
        test = self.test[evaluated[-1]] if len(evaluated) else np.nan
        return float(self.train[step]), float(test)


def read_losses(path: Path) -> Losses:
    """The whole records in the journal; none where it does not exist yet."""
    content = path.read_bytes() if path.exists() else b""
    whole = len(content) - len(content) % _RECORD.itemsize
    records = np.frombuffer(content[:whole], dtype=_RECORD)
    return Losses(records["train"], records["test"])


def append_losses(path: Path, epoch: int, train: list[float], test: list[float]) -> None:
    """Append losses from `epoch` on; anything the journal holds beyond that epoch is replaced."""
    records = np.empty(len(train), dtype=_RECORD)
    records["train"] = train
    records["test"] = test
    append_bytes(path, records.tobytes(), at=epoch * _RECORD.itemsize)
