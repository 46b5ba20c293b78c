"""The answers of a model, with heads replaced or intact: loss and correctness of each answer that counts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from headlapse.models.replacement import INTACT, Answering, Part, Questions, Replacement
from headlapse.system.in_threads import in_threads

SAFE = 60.0  # limit below which exponentials can be added in float32


@dataclass(frozen=True)
class Answers:
    """`losses` in nats, float64, and whether each answer is `right`; `rows` gives its input among `n_inputs`."""

    losses: Float[np.ndarray, " counted"]
    right: Bool[np.ndarray, " counted"]
    rows: Int[np.ndarray, " counted"]
    n_inputs: int

    @classmethod
    def of(cls, model: Answering, questions: Questions, replaced: Replacement = INTACT, threads: int = 1) -> Answers:
        """The answers of `model`, whose questions these are; the number of threads does not change them."""
        losses, right = np.empty(len(questions.answers)), np.empty(len(questions.answers), dtype=bool)

        def answer(part: Part) -> None:
            losses[part.answers], right[part.answers] = losses_of(part.logits(), questions.answers[part.answers])

        in_threads(answer, model.parts(replaced), threads)
        return cls(losses, right, np.nonzero(questions.counted)[0], len(questions.tokens))

    def part(self, inputs: Bool[np.ndarray, " inputs"]) -> Answers:
        """The answers to some of the inputs."""
        chosen = inputs[self.rows]
        return replace(self, losses=self.losses[chosen], right=self.right[chosen], rows=self.rows[chosen])

    @property
    def loss(self) -> float:
        """The mean over all answers; NaN if there are none."""
        return float(self.losses.mean()) if self.losses.size else math.nan

    @property
    def accuracy(self) -> float:
        """The share of right answers; NaN if there are none."""
        return float(self.right.mean()) if self.right.size else math.nan

    def loss_by_input(self) -> Float[np.ndarray, " inputs"]:
        """The mean over the answers of each input; NaN if none counts."""
        total = np.bincount(self.rows, weights=self.losses, minlength=self.n_inputs)
        count = np.bincount(self.rows, minlength=self.n_inputs)
        means: np.ndarray = np.divide(total, count, out=np.full(self.n_inputs, np.nan), where=count > 0)
        return means

    def right_by_input(self) -> Bool[np.ndarray, " inputs"]:
        """Whether all answers of each input are right."""
        right = np.ones(self.n_inputs, dtype=bool)
        right[self.rows[~self.right]] = False
        return right


def losses_of(
    logits: Float[np.ndarray, "row vocab"], labels: Int[np.ndarray, " row"]
) -> tuple[Float[np.ndarray, " row"], Bool[np.ndarray, " row"]]:
    """Cross-entropy of each row in nats, and whether its largest logit is that of the label; overwrites `logits`.

    The loss is the log of 1 plus the odds against the label, summed without the label itself, so that losses of a nearly
    certain model keep their digits even in float32.
    """
    rows = np.arange(len(labels))
    best = logits.argmax(axis=1)
    logits -= logits[rows, labels][:, None]
    top = logits[rows, best].astype(np.float64)
    if top.max(initial=0) < SAFE:
        return np.log1p(_odds(logits, rows, labels)), best == labels
    logits -= top[:, None].astype(logits.dtype)
    odds = _odds(logits, rows, labels)
    return np.where(top == 0, np.log1p(odds), top + np.log(odds + np.exp(-top))), best == labels


def _odds(
    logits: Float[np.ndarray, "row vocab"], rows: Int[np.ndarray, " row"], labels: Int[np.ndarray, " row"]
) -> Float[np.ndarray, " row"]:
    """The sum of the exponentials of each row without that of its label, in float64; overwrites `logits`."""
    against = np.exp(logits, out=logits)
    against[rows, labels] = 0
    odds: np.ndarray = against.sum(axis=1, dtype=np.float64)
    return odds
