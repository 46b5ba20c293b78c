"""When does each head lock in? Distances between attention patterns over a run.

The distance of two patterns is the total variation between their attention distributions, averaged over all inputs: the
share of attention that differs, in [0, 1]. A head locks in at the first checkpoint from which its distance to the final
checkpoint stays below a threshold; `headlapse.results.grokking` defines when the run groks.

What can mislead: the distance to the final checkpoint is small near the end by definition, whether or not more training
would have changed the head; a head that never moves far is locked in from the start; epochs are only as precise as the
checkpoint spacing; and a head is compared with itself, so two heads that swap roles both count as moving.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.library.records import column, grokking_epoch
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout
from headlapse.results.scalar_names import TEST_ACCURACY, TEST_LOSS, TRAIN_LOSS

Patterns = Float[np.ndarray, "head to from *axes"]
LOSSES = (TRAIN_LOSS, TEST_LOSS)


@dataclass(frozen=True)
class AttentionLockInAnalyzer:
    """Arrays over the run; `to` is the position that attends, NaN means that there is no such value.

    `epochs[epoch]`; `change[epoch, head, to]`: distance to the previous checkpoint, in [0, 1]; `distance[epoch, head, to]`:
    distance to the final one, in [0, 1]; `entropy[epoch, head, to]`: mean entropy of the attention distributions, in nats;
    `lock_in[threshold, head, to]`: epoch, NaN if the head is close only at the final checkpoint; `thresholds`, the default
    first; `grokking_epoch` (`headlapse.results.grokking`); `test_accuracy`, `train_loss` and `test_loss` per epoch.
    """

    name: str = "attention_lock_in"
    version: int = 2
    source: str = "attention_patterns"
    thresholds: tuple[float, ...] = (0.05, 0.02, 0.1, 0.2)

    def analyze_epochs(
        self, series: Mapping[int, Mapping[str, np.ndarray]], context: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        epochs = np.array(list(series), dtype=np.int64)
        final = _patterns(series, int(epochs[-1]))
        change, distance, entropy = [], [], []
        previous = np.full_like(final, np.nan)
        for epoch in series:
            patterns = _patterns(series, epoch)
            change.append(total_variation(patterns, previous))
            distance.append(total_variation(patterns, final))
            entropy.append(mean_entropy(patterns))
            previous = patterns
        to_final = np.stack(distance)
        accuracy = column(context["records"], epochs, TEST_ACCURACY)
        return {
            "epochs": epochs,
            "change": np.stack(change),
            "distance": to_final,
            "entropy": np.stack(entropy),
            "thresholds": np.array(self.thresholds),
            "lock_in": np.stack([lock_in_epochs(epochs, to_final, threshold) for threshold in self.thresholds]),
            "grokking_epoch": grokking_epoch(epochs, accuracy),
            "test_accuracy": accuracy,
            **{name: column(context["records"], epochs, name) for name in LOSSES},
        }

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        curves, epochs = ("epoch", run.heads, run.n_to), partial(ArrayRule, ("epoch",), "float64", low=0, may_be_nan=True)
        return {
            "epochs": ArrayRule(("epoch",), "int64", low=0),
            "change": ArrayRule(curves, "float64", low=0, high=1, may_be_nan=True),
            "distance": ArrayRule(curves, "float64", low=0, high=1),
            "entropy": ArrayRule(curves, "float64", low=0, high=math.log(run.attended)),
            "thresholds": ArrayRule(("threshold",), "float64", low=0, high=1),
            "lock_in": ArrayRule(("threshold", run.heads, run.n_to), "float64", low=0, may_be_nan=True),
            "grokking_epoch": ArrayRule((), "float64", low=0, may_be_nan=True),
            "test_accuracy": epochs(high=1),
            **{name: epochs() for name in LOSSES},
        }


def total_variation(patterns: Patterns, others: Patterns) -> Float[np.ndarray, "head to"]:
    """Half the sum of absolute differences over `from`, averaged over all inputs; 0 for equal patterns, 1 for disjoint ones."""
    return _over_inputs(np.abs(patterns - others).sum(axis=2, dtype=np.float64)) / 2


def mean_entropy(patterns: Patterns) -> Float[np.ndarray, "head to"]:
    """Entropy of the distribution over `from`, averaged over all inputs, in nats; log(n) for attention spread evenly over n."""
    logs = np.log(patterns, out=np.zeros_like(patterns), where=patterns > 0)
    return -_over_inputs((patterns * logs).sum(axis=2, dtype=np.float64))


def _over_inputs(values: Float[np.ndarray, "head to *axes"]) -> Float[np.ndarray, "head to"]:
    mean: np.ndarray = values.mean(axis=tuple(range(2, values.ndim)))
    return mean


def lock_in_epochs(
    epochs: Int[np.ndarray, " epoch"], distance: Float[np.ndarray, "epoch head to"], threshold: float
) -> Float[np.ndarray, "head to"]:
    """The first epoch from which `distance` stays below `threshold`; NaN if only the final epoch is below, as it always is."""
    far = distance >= threshold
    first_after = len(epochs) - far[::-1].argmax(axis=0)  # one past the last checkpoint that is far
    first = np.where(far.any(axis=0), first_after, 0)
    settled = first < len(epochs) - 1
    locked: np.ndarray = np.where(settled, epochs[np.minimum(first, len(epochs) - 1)], np.nan)
    return locked


def _patterns(series: Mapping[int, Mapping[str, np.ndarray]], epoch: int) -> Patterns:
    """Also where they are stored in half precision."""
    return series[epoch]["patterns"].astype(np.float32, copy=False)


CrossEpochRegistry.register(AttentionLockInAnalyzer())
