"""The frequencies of each head over a run: the strength of all, when the strongest settles, and its switches.

A frequency is dominant at a checkpoint if its share is the largest and at least `LEAST_SHARE`: the share in the score, or
in the pattern from the last position to the first if no score is known. A head settles at the first checkpoint from which
one frequency stays dominant.

What can mislead: a head may settle on a frequency long before its pattern stops changing (compare lock-in); it counts as
settled whatever more training would do, but not if only the final checkpoint has the frequency; epochs are only as precise
as the checkpoint spacing; a head with two equally strong frequencies may switch back and forth, and each switch counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.library.records import column, grokking_epoch
from headlapse.families.cyclic import LEAST_SHARE
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout
from headlapse.results.scalar_names import TEST_ACCURACY, TEST_LOSS, TRAIN_LOSS

LOSSES = (TRAIN_LOSS, TEST_LOSS)
SHARES = ("score_share", "pattern_share")


@dataclass(frozen=True)
class HeadFrequencyHistoryAnalyzer:
    """Arrays over the run; frequency k is at place k - 1.

    `epochs[epoch]`; `score_share[epoch, head, frequency]` and `pattern_share[epoch, head, frequency]`, the latter from the
    last position to the first; `dominant[epoch, head]`: the dominant frequency, 0 if there is none; `settled[head]`: the
    epoch from which it stays, NaN if there is none; `switches[switch, 4]`: epoch, head, frequency before and frequency
    after of every change from one dominant frequency to another, also with none between them; `grokking_epoch`,
    `test_accuracy`, `train_loss` and `test_loss` as in `attention_lock_in`.
    """

    name: str = "head_frequency_history"
    version: int = 1
    source: str = "head_frequencies"

    def analyze_epochs(
        self, series: Mapping[int, Mapping[str, np.ndarray]], context: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        epochs = np.array(list(series), dtype=np.int64)
        rows = [_row(series[epoch]) for epoch in series]
        made = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        records = context["records"]
        accuracy = column(records, epochs, TEST_ACCURACY)
        return {
            "epochs": epochs,
            **made,
            "settled": settled_epochs(epochs, made["dominant"]),
            "switches": switches(epochs, made["dominant"]),
            "grokking_epoch": grokking_epoch(epochs, accuracy),
            "test_accuracy": accuracy,
            **{name: column(records, epochs, name) for name in LOSSES},
        }

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        epochs = partial(ArrayRule, ("epoch",), "float64", low=0, may_be_nan=True)
        share = ArrayRule(("epoch", run.heads, "frequency"), low=0, high=1, may_be_nan=True)
        return {
            "epochs": ArrayRule(("epoch",), "int64", low=0),
            **dict.fromkeys(SHARES, share),
            "dominant": ArrayRule(("epoch", run.heads), "int64", low=0),
            "settled": ArrayRule((run.heads,), "float64", low=0, may_be_nan=True),
            "switches": ArrayRule(("switch", 4), "int64", low=0),
            "grokking_epoch": ArrayRule((), "float64", low=0, may_be_nan=True),
            "test_accuracy": epochs(high=1),
            **{name: epochs() for name in LOSSES},
        }


def _row(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of one epoch."""
    is_dominant = np.nan_to_num(arrays["share"]) >= LEAST_SHARE
    return {
        "score_share": arrays["score_share"].astype(np.float32),
        "pattern_share": arrays["pattern_share"][:, -1, 0].astype(np.float32),
        "dominant": np.where(is_dominant, arrays["frequency"], 0),
    }


def settled_epochs(epochs: Int[np.ndarray, " epoch"], dominant: Int[np.ndarray, "epoch head"]) -> Float[np.ndarray, " head"]:
    """The epoch from which each head's dominant frequency is the final one; NaN if there is none, or only at the end."""
    differs = dominant != dominant[-1]
    first = np.where(differs.any(axis=0), len(epochs) - differs[::-1].argmax(axis=0), 0)
    is_settled = (first < len(epochs) - 1) & (dominant[-1] > 0)
    settled: np.ndarray = np.where(is_settled, epochs[np.minimum(first, len(epochs) - 1)].astype(np.float64), np.nan)
    return settled


def switches(epochs: Int[np.ndarray, " epoch"], dominant: Int[np.ndarray, "epoch head"]) -> Int[np.ndarray, "switch 4"]:
    """Epoch, head, frequency before and frequency after of every switch, by epoch."""
    found = []
    for head, line in enumerate(dominant.T):
        (known,) = np.nonzero(line)
        found += [
            (int(epochs[now]), head, int(line[before]), int(line[now]))
            for before, now in pairwise(known)
            if line[before] != line[now]
        ]
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 4)


CrossEpochRegistry.register(HeadFrequencyHistoryAnalyzer())
