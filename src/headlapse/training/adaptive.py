"""Adaptive checkpoints: dense where the model moves quickly, sparse elsewhere, never more than a budget.

A fixed schedule sets its spacing before the time of the transition is known. Here many candidates are written. Whenever there
are more than the budget, one is removed: the one whose removal leaves the smallest gap. A gap is the sum of three shares of
the run so far: of the path of the attention patterns (total variation), of the path of the test loss (decades), and of the
epochs. So a quiet phase still keeps some checkpoints, and at the end the change of the run is spread evenly over the gaps.

The choice depends only on the numbers in the checkpoints, so a run that was stopped or killed keeps the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.analysis.capture import Capture, capture_for
from headlapse.analysis.library import extract_all_patterns
from headlapse.models.config import ModelConfig
from headlapse.results.headers import read_extra
from headlapse.results.variant import Variant
from headlapse.storage.atomic import remove
from headlapse.system.blas_threads import one_blas_thread
from headlapse.training.run import Run
from headlapse.training.schedule import checkpoint_schedule, count_every

CANDIDATES_PER_CHECKPOINT = 4
WAYS = ("attention", "loss")


@dataclass
class AdaptiveSchedule:
    """Checkpoints of a run to `epochs`, at most `budget` at any time; the first and the newest are always among them."""

    variant: Variant
    epochs: int
    budget: int
    _previous: tuple[Mapping[str, Any], np.ndarray] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.budget = checks.whole("the budget of checkpoints", self.budget, least=3)

    @cached_property
    def candidates(self) -> list[int]:
        """Epochs at which a checkpoint is written, to be kept or dropped later."""
        return checkpoint_schedule(self.epochs, self._every)

    @property
    def most(self) -> int:
        return min(self.budget, count_every(self.epochs, self._every))

    @property
    def _every(self) -> int:
        return max(1, self.epochs // (CANDIDATES_PER_CHECKPOINT * self.budget))

    def describe(self) -> dict[str, Any]:
        """The schedule's entry in config.json."""
        return {"checkpoints": "adaptive", "budget": self.budget}

    def start(self, run: Run) -> None:
        """Finish what a killed run left undone, and continue measuring from its newest checkpoint."""
        self.landed(run)
        paths = self.variant.paths
        kept = set(self.variant.checkpoint_epochs)
        for analyzer in paths.artifacts.analyzers():
            remove(paths.artifacts.file(analyzer, epoch) for epoch in paths.artifacts.epochs(analyzer) if epoch not in kept)
        behind = [epoch for epoch in kept if epoch <= run.epoch]
        if behind:
            checkpoint = self.variant.checkpoint(max(behind))
            self._previous = (checkpoint.extra, self._patterns(checkpoint.weights))

    def measure(self, run: Run, losses: Mapping[str, float | None]) -> dict[str, Any]:
        """How far the run has moved since its start, summed over the candidates; stored in the checkpoint."""
        patterns = self._patterns({name: weight.detach().cpu().numpy() for name, weight in run.weights.items()})
        moved = dict.fromkeys(WAYS, 0.0)
        if self._previous is not None:
            before, patterns_before = self._previous
            moved = dict(before.get("moved", moved))
            moved["attention"] += float(np.abs(patterns - patterns_before).sum(axis=-1).mean()) / 2
            moved["loss"] += decades(before.get("test_loss"), losses.get("test_loss"))
        record = {**losses, "moved": moved}
        self._previous = (record, patterns)
        return record

    def landed(self, run: Run) -> None:
        """Remove checkpoints and their artifacts until the budget holds."""
        epochs = [epoch for epoch in self.variant.checkpoint_epochs if epoch <= run.epoch]
        places = {epoch: self._place(epoch) for epoch in epochs} if len(epochs) > self.budget else {}
        while len(epochs) > self.budget:
            epochs.remove(dropped := least_missed(epochs, places))
            paths = self.variant.paths
            remove([paths.checkpoint(dropped), *(paths.artifacts.file(name, dropped) for name in paths.artifacts.analyzers())])

    def _place(self, epoch: int) -> np.ndarray:
        moved = read_extra(self.variant.paths.checkpoint(epoch), self.variant.identity(epoch)).get("moved", {})
        return np.array([*(moved.get(way, 0.0) for way in WAYS), epoch], dtype=np.float64)

    def _patterns(self, weights: Mapping[str, np.ndarray]) -> np.ndarray:
        with one_blas_thread:
            return extract_all_patterns(self._capture(weights).cache, self._config.n_layers)

    @cached_property
    def _config(self) -> ModelConfig:
        return ModelConfig.of(self.variant.family, self.variant.settings)

    @cached_property
    def _capture(self) -> Capture:
        return capture_for(self._config, self.variant.family.probe(self.variant.settings), [("pattern", None)])


def least_missed(epochs: list[int], places: Mapping[int, np.ndarray]) -> int:
    """The epoch, neither first nor last, whose removal leaves the smallest gap; the earliest if several do."""
    whole = places[epochs[-1]] - places[epochs[0]]
    gaps = [_share(places[after] - places[before], whole) for before, after in zip(epochs, epochs[2:], strict=False)]
    return epochs[1 + int(np.argmin(gaps))]


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    moves = whole > 0
    return float((part[moves] / whole[moves]).sum())


def decades(before: float | None, after: float | None) -> float:
    """How many powers of ten are between two losses; 0 if one is unknown."""
    if not before or not after:
        return 0.0
    return abs(math.log10(after) - math.log10(before))
