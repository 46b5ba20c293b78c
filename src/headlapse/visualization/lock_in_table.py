"""Lock-in across variants, as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from headlapse import checks
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.attention_lock_in import READS, has_settled, lock_in_epochs
from headlapse.visualization.views import EpochData


@dataclass(frozen=True)
class LockInRow:
    """One variant: the epochs at which each head locks in and at which the run groks; None if they do not.

    Lock-in is relative to `last_epoch`. `settled` is whether the run has grokked by then: if not, no head has a lock-in
    epoch. It is None if no test accuracy is recorded.
    """

    variant: str
    heads: tuple[int | None, ...]
    grokking_epoch: int | None
    last_epoch: int
    last_test_accuracy: float | None
    settled: bool | None = None


def lock_in_rows(
    runs: Iterable[tuple[str, EpochData]], to_position: int = -1, threshold: float | None = None
) -> list[LockInRow]:
    """One row per `(variant name, arrays of attention_lock_in)`, in the order given.

    Only compare rows of equal `last_epoch`: distances are to the last checkpoint, so a longer run can lock in later.
    """
    pairs = checks.several(_pair, "runs", runs, "pairs of a variant's name and its arrays")
    return [_row(name, arrays, to_position, threshold) for name, arrays in pairs]


def _pair(name: str, value: object) -> tuple[str, EpochData]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise checks.wrong(name, "a pair of a variant's name and its arrays", value)
    return checks.text("the name of a variant", value[0]), arrays_of(value[1], READS)


def _row(name: str, arrays: EpochData, to_position: int, threshold: float | None) -> LockInRow:
    heads = tuple(_epoch(epoch) for epoch in lock_in_epochs(arrays, to_position, threshold))
    grokking = _epoch(float(arrays["grokking_epoch"]))
    accuracy = float(arrays["test_accuracy"][-1])
    known = accuracy if math.isfinite(accuracy) else None
    return LockInRow(name, heads, grokking, int(arrays["epochs"][-1]), known, has_settled(arrays))


def _epoch(value: float) -> int | None:
    return int(value) if math.isfinite(value) else None
