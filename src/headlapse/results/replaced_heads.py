"""The answers of a run's model at an epoch with some heads replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError, NoPictureError, OutOfRangeError
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.models.replacement import Answering, Kind, Questions, Replacement, answering, can_replace
from headlapse.results.run import Run
from headlapse.results.validation import check_weights

PATTERNS = "attention_patterns"


def why_not_replaceable(run: Run) -> str:
    """Why no head of this run can be replaced, in words; empty if heads can be replaced."""
    if run.model_config is None or run.task is None:
        return f"{run.name} has no weights of a model that can be built; heads of other runs cannot be replaced"
    if not can_replace(run.model_config):
        return f"{run.name} has normalization; heads can be replaced in models without"
    return ""


def model_of(run: Run) -> ModelConfig:
    """The model whose heads are replaced. Raises `NoPictureError` if they cannot be."""
    reason = why_not_replaceable(run)
    if reason or run.model_config is None:
        raise NoPictureError(reason)
    return run.model_config


def questions_of(run: Run) -> Questions:
    """All inputs and their correct answers. Raises `NoPictureError` if they are unknown."""
    model_of(run)
    assert run.task is not None
    assert run.probe is not None
    return Questions.of(run.probe, np.asarray(run.task.labels(run.settings)))


def answering_at(run: Run, epoch: int, questions: Questions, dtype: type = np.float64, threads: int = 1) -> Answering:
    """The model at `epoch`, prepared in at most `threads` threads.

    Raises a `FileStateError` if its checkpoint cannot be read or contains NaN.
    """
    config, weights = model_of(run), run.checkpoint(epoch).weights
    with run.suited_remedies():
        check_weights(run.paths.checkpoint(epoch), weights, weight_shapes(config))
    return answering(weights, config, questions, dtype, threads)


def replacement_of(run: Run, heads: Sequence[int], kind: Kind, from_epoch: int | None = None) -> Replacement:
    """The replacement of `heads`, counted over all layers, by their patterns at `from_epoch` if the kind is "epoch".

    Raises `InvalidValueError`, `OutOfRangeError`, or a `FileStateError` if `from_epoch` is not analysed.
    """
    checks.one_of("kind", kind, get_args(Kind))
    known = len(run.labels.head_labels)
    numbers = checks.some(checks.whole, "heads", heads, "head")
    for head in numbers:
        if not 0 <= head < known:
            raise OutOfRangeError(f"head {head} is out of range; valid: 0 to {known - 1}")
    if (kind == "epoch") != (from_epoch is not None):
        raise InvalidValueError(f"from_epoch goes with kind 'epoch' and no other; got kind {kind!r}, from_epoch {from_epoch}")
    chosen = tuple(dict.fromkeys(numbers))
    if from_epoch is None:
        return Replacement(chosen, kind)
    return Replacement(chosen, kind, {head: _pattern(run, from_epoch, head) for head in chosen})


def _pattern(run: Run, epoch: int, head: int) -> np.ndarray:
    """`(inputs, to, from)`."""
    stored = run.artifacts.load_part(PATTERNS, epoch, "patterns", head)
    return np.moveaxis(stored.reshape(*stored.shape[:2], -1), -1, 0)
