"""How much each head matters: loss and accuracy with the head replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache
from headlapse.analysis.library.parts import TEST, TRAIN, parts
from headlapse.errors import InvalidValueError
from headlapse.models.answers import Answers
from headlapse.models.replacement import INTACT, MEAN, UNIFORM, ZERO, Questions, Replacement, answering, can_replace
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout

KINDS = (ZERO, MEAN, UNIFORM)
PARTS = ("all", "train", "test")


@dataclass(frozen=True)
class HeadAblationAnalyzer:
    """`loss[replaced, kind, part]`, mean cross-entropy in nats, and `accuracy[replaced, kind, part]`, share of right answers.

    `replaced` runs over the heads of all layers, one of which is replaced; the last row is the intact model. `kind` is what a
    head does instead, in the order of `KINDS`: it gathers nothing; it gathers, position by position, its mean over all inputs;
    it attends evenly to all it sees. `part` is all inputs, those that train, those that test; NaN where a part has none or is
    not known. Arithmetic is float64.

    What can mislead: heads make up for each other, so that no single one need matter where two together do; and
    `zero` takes away also what a head writes whatever the input, to which the rest of the model is used. `mean` leaves that.

    Source of mean ablation: Wang et al., "Interpretability in the Wild" (2022).
    """

    name: str = "head_ablation"
    version: int = 1
    reads: str = "attention_patterns"
    takes_numpy: ClassVar[bool] = True
    takes_weights: ClassVar[bool] = True

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Any,
        cache: Cache,  # noqa: ARG002 -- part of the analyzer contract
        context: Mapping[str, Any],
    ) -> dict[str, Float[np.ndarray, "replaced kind part"]]:
        task, settings, weights, config = (context[name] for name in ("task", "settings", "weights", "model_config"))
        if task is None or weights is None or not can_replace(config):
            raise InvalidValueError("it needs weights of a model without normalization, and a task with known answers")
        questions = Questions.of(probe, np.asarray(task.labels(settings)))
        answers = answering(weights, config, questions)
        part = parts(task, settings, len(probe))
        inputs = [np.ones(len(probe), dtype=bool), part == TRAIN, part == TEST]
        rows = [
            [found.part(chosen) for chosen in inputs]
            for found in (Answers.of(answers, questions, replaced) for replaced in _replacements(len(config.head_labels)))
        ]
        shape = (len(config.head_labels), len(KINDS), len(PARTS))
        return {
            "loss": _with_intact([[found.loss for found in row] for row in rows], shape),
            "accuracy": _with_intact([[found.accuracy for found in row] for row in rows], shape),
        }

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        shape = (run.heads + 1, len(KINDS), len(PARTS))
        return {
            "loss": ArrayRule(shape, "float64", low=0, may_be_nan=True),
            "accuracy": ArrayRule(shape, "float64", low=0, high=1, may_be_nan=True),
        }


def _replacements(n_heads: int) -> Iterator[Replacement]:
    """Each head in each way, then the intact model."""
    yield from (Replacement((head,), kind) for head in range(n_heads) for kind in KINDS)
    yield INTACT


def _with_intact(values: list[list[float]], shape: tuple[int, int, int]) -> Float[np.ndarray, "replaced kind part"]:
    """The values of all replacements in their order, the intact ones the same for each kind."""
    found = np.array(values)
    intact = np.broadcast_to(found[-1], (1, *shape[1:]))
    return np.concatenate([found[:-1].reshape(shape), intact])


AnalyzerRegistry.register(HeadAblationAnalyzer())
