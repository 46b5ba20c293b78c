"""Loss and accuracy over epochs with each head replaced, beside those of the intact model."""

from __future__ import annotations

from typing import Any

import numpy as np

from headlapse import checks
from headlapse.results.run import RunLabels
from headlapse.visualization.controls import Choice
from headlapse.visualization.series import series_view
from headlapse.visualization.views import Option, ViewRegistry

KINDS = {  # in the order of the analyzer's arrays
    "zero": "nothing",
    "mean": "its mean over inputs",
    "uniform": "even attention",
}
PARTS = {"all": "all inputs", "train": "train inputs", "test": "test inputs"}
INTACT = "intact"


def _names(run: RunLabels) -> list[str]:
    return [*run.head_labels, INTACT]


def _chosen(values: Any, run: RunLabels, *, kind: str = "zero", part: str = "all") -> np.ndarray:  # noqa: ARG001
    """`(epoch, line)` of one kind and one part of the inputs."""
    place = list(KINDS).index(checks.one_of("kind", kind, KINDS))
    chosen: np.ndarray = np.asarray(values)[..., place, list(PARTS).index(checks.one_of("part", part, PARTS))]
    return chosen


def _choice(name: str, label: str, words: dict[str, str]) -> Choice:
    return Choice(name, label, tuple((Option(value, text.capitalize()), {name: value}) for value, text in words.items()))


CONTROLS = (_choice("kind", "Head replaced by", KINDS), _choice("part", "Inputs", PARTS))

for array, label, limits in (("loss", "loss", None), ("accuracy", "accuracy", (0.0, 1.0))):
    ViewRegistry.register(
        series_view(
            f"head_ablation_{array}",
            f"Ablation of heads: {label}",
            "head_ablation",
            array,
            label=label,
            names=_names,
            controls=CONTROLS,
            choose=_chosen,
            limits=limits,
            log=limits is None,
        )
    )
