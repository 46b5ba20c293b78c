"""Adaptive captures: dense where attention or loss moves quickly, never more than a budget.

The rule is that of adaptive checkpoints (`headlapse.training.adaptive`): many candidates are captured, and whenever there are
more than the budget, the least informative one is dropped. The length of the training must therefore be known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.recording.schedules import Cost
from headlapse.results.recorded import PATTERNS, RecordedRun
from headlapse.results.scalar_names import TEST_LOSS
from headlapse.training.adaptive import CANDIDATES_PER_CHECKPOINT, decades, least_missed

DEFAULT_BUDGET = 250


@dataclass
class Adaptive:
    """At most `budget` captures of a training of `total` epochs; the first and the newest are always among them."""

    total: int
    budget: int = DEFAULT_BUDGET
    _places: dict[int, np.ndarray] = field(default_factory=dict)  # distance moved until then, and the epoch
    _newest: tuple[np.ndarray, float | None] | None = None

    def __post_init__(self) -> None:
        self.total = checks.whole("total", self.total, least=1)
        self.budget = checks.whole("budget", self.budget, least=3)

    @property
    def most(self) -> int:
        return self.budget

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:  # noqa: ARG002
        every = max(1, self.total // (CANDIDATES_PER_CHECKPOINT * self.budget))
        return epoch // every > newest // every

    def describe(self) -> Mapping[str, Any]:
        return {"adaptive": {"total": self.total, "budget": self.budget}}

    def start(self, run: RecordedRun) -> None:
        """Restore the measures of earlier captures."""
        self._places, self._newest = {}, None
        for epoch in run.artifacts.get_epochs(PATTERNS):
            self._measure(epoch, run.patterns(epoch), run.record(epoch).get(TEST_LOSS))

    def landed(self, epoch: int, patterns: np.ndarray, values: Mapping[str, float]) -> Iterator[int]:
        """Measure a capture, and return the epochs to drop."""
        self._measure(epoch, patterns, values.get(TEST_LOSS))
        while len(self._places) > self.budget:
            dropped = least_missed(sorted(self._places), self._places)
            del self._places[dropped]
            yield dropped

    def _measure(self, epoch: int, patterns: np.ndarray, test_loss: float | None) -> None:
        loss = test_loss if test_loss is not None and math.isfinite(test_loss) and test_loss > 0 else None
        moved = np.zeros(2)
        if self._newest is not None:
            before, loss_before = self._newest
            moved = self._places[max(self._places)][:2].copy()
            moved[0] += float(np.abs(patterns.astype(np.float32) - before).sum(axis=2).mean()) / 2
            moved[1] += decades(loss_before, loss)
        self._places[epoch] = np.array([*moved, epoch], dtype=np.float64)
        self._newest = patterns.astype(np.float32), loss
