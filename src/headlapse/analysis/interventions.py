"""Loss and answers over all inputs with heads replaced, at one checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from headlapse.models import answers
from headlapse.models.replacement import INTACT, Kind, Replacement
from headlapse.results.discovery import check_run
from headlapse.results.replaced_heads import answering_at, model_of, questions_of, replacement_of
from headlapse.results.run import Run


@dataclass(frozen=True)
class Answers:
    """Over all inputs of the probe: mean loss in nats, share of right answers, and which inputs are right, `(*axes)`.

    If answers count at several positions, loss and accuracy are over all of them, and an input is right if they all are.
    """

    loss: float
    accuracy: float
    right: Bool[np.ndarray, "*axes"]


def intact(run: Run, epoch: int) -> Answers:
    """The answers of the unchanged checkpoint, in float64. Raises the errors of `ablate`."""
    model_of(check_run(run))
    return _answers(run, epoch, INTACT)


def ablate(run: Run, epoch: int, head: int | Sequence[int], kind: Kind = "zero", from_epoch: int | None = None) -> Answers:
    """The answers of the checkpoint with one head or several replaced, in float64; `head` counts those of all layers, from 0.

    `kind`: "zero" (the head writes nothing), "mean" (at each position what it writes on average over all inputs), "uniform" (it
    attends evenly to all positions it sees) or "epoch" (it attends as it does at `from_epoch`, which must be analysed).
    "zero" also removes what the head writes on every input, on which later layers rely; "mean" keeps that.

    Raises `InvalidValueError` for an unknown kind and for models with normalization or without weights, `OutOfRangeError` for
    a head that does not exist, a `FileStateError` if the checkpoint or the patterns of `from_epoch` are missing.
    """
    model_of(check_run(run))
    heads = head if isinstance(head, Sequence) else [head]
    return _answers(run, epoch, replacement_of(run, heads, kind, from_epoch))


def _answers(run: Run, epoch: int, replaced: Replacement) -> Answers:
    questions = questions_of(run)
    found = answers.Answers.of(answering_at(run, epoch, questions), questions, replaced)
    right = found.right_by_input().reshape([axis.size for axis in run.axes])
    return Answers(found.loss, found.accuracy, right)
