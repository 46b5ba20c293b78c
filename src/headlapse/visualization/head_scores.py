"""Scores of heads over epochs, and marks where a score passes a threshold for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from headlapse import checks
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.controls import Choice
from headlapse.visualization.lines import Mark
from headlapse.visualization.pictures import named_heads
from headlapse.visualization.series import series_view
from headlapse.visualization.views import EpochData, Option, ViewRegistry

SCORES = {  # in the order of the analyzer's array
    "previous_token": "previous token",
    "induction": "induction",
    "first_token": "first token",
    "current_token": "current token",
}
THRESHOLD = 0.5


def passed_for_good(values: Float[np.ndarray, "epoch *rest"], threshold: float = THRESHOLD) -> np.ndarray:
    """The place of the first epoch from which `values` stay at or above the threshold; -1 if there is none, or if all are."""
    below = ~(np.asarray(values) >= threshold)
    first = len(below) - below[::-1].argmax(axis=0)
    return np.where(below.any(axis=0) & (first < len(below)), first, -1)


def score_marks(epoch_data: EpochData, head_labels: Sequence[str] | None = None) -> list[Mark]:
    """Where each score of each head reaches 0.5 for good, by epoch.

    Scores that reach it from the first epoch on have no mark.
    """
    arrays = arrays_of(epoch_data, {"epochs": "epoch", "scores": "epoch head score"})
    epochs, places = np.asarray(arrays["epochs"]), passed_for_good(arrays["scores"])
    names = named_heads(head_labels, len(places))
    marks = [
        Mark(int(epochs[places[head, score]]), f"{names[head]}: {words} score stays above {THRESHOLD:g}", int(head))
        for score, words in enumerate(SCORES.values())
        for head in np.flatnonzero(places[:, score] >= 0)
    ]
    return sorted(marks, key=lambda mark: mark.epoch)


def _names(run: RunLabels) -> list[str]:
    """The scores, the default first: induction if inputs have more than three positions, which it needs."""
    return sorted(SCORES, key="induction".__ne__) if len(run.position_labels) > 3 else list(SCORES)


def _score(scores: Any, run: RunLabels, *, score: str | None = None) -> np.ndarray:
    """`(epoch, head)` of one score."""
    name = _names(run)[0] if score is None else checks.one_of("score", score, SCORES)
    chosen: np.ndarray = np.asarray(scores)[..., list(SCORES).index(name)]
    return chosen


def _choices(run: RunLabels) -> tuple[Choice]:
    return (
        Choice("score", "Score", tuple((Option(name, SCORES[name].capitalize()), {"score": name}) for name in _names(run))),
    )


ViewRegistry.register(
    series_view(
        "head_scores_timeline",
        "Scores of heads",
        "head_scores",
        "scores",
        label="share of attention",
        controls=_choices,
        choose=_score,
        limits=(0.0, 1.0),
        marks=score_marks,
    )
)
