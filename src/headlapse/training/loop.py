"""The training loop: AdamW, cross-entropy at the positions that count, one batch per step.

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023), and its public code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from headlapse.errors import NonFiniteError
from headlapse.training.run import Run
from headlapse.training.step import steps_of


class Trained(Protocol):
    """A run that is trained, and the files it keeps."""

    @property
    def run(self) -> Run: ...

    @property
    def kept(self) -> Container[int]:
        """The epochs that keep a checkpoint."""
        ...

    @property
    def has_failed(self) -> bool:
        """Whether it has failed and no longer takes part."""
        ...

    def record(self, train_loss: float, test_loss: float) -> None:
        """Record an epoch: the train loss before its step, and the test loss after it, NaN if not evaluated."""
        ...

    def checkpoint(self) -> None:
        """Keep the current state of the run."""
        ...

    def failing(self) -> AbstractContextManager[None]:
        """A context in which an error ends all runs, or only this one."""
        ...


def train_epochs(trained: Sequence[Trained], epochs: int, stopped: Callable[[], bool], test_every: int = 1) -> None:
    """Advance runs of one architecture, all at the same epoch, to `epochs`, or until `stopped()`.

    Test losses are evaluated at multiples of `test_every`, at checkpoints and at the end. A train loss that is not finite
    raises `NonFiniteError`.
    """
    runs = [each.run for each in trained]
    epoch = runs[0].epoch
    for each in trained:
        if epoch == 0 and 0 in each.kept:
            with each.failing():
                each.checkpoint()
    steps = steps_of(*runs)
    while epoch < epochs and not stopped() and not all(each.has_failed for each in trained):
        for run in runs:
            run.draw_batch()
        train_losses = steps.step().tolist()
        epoch += 1
        is_tested = [epoch % test_every == 0 or epoch in each.kept or epoch == epochs for each in trained]
        test_losses = steps.test_losses().tolist() if any(is_tested) else [math.nan] * len(trained)
        for each, train_loss, test_loss, is_known in zip(trained, train_losses, test_losses, is_tested, strict=True):
            if not each.has_failed:
                with each.failing():
                    _advance(each, epoch, train_loss, test_loss if is_known else math.nan)


def _advance(trained: Trained, epoch: int, train_loss: float, test_loss: float) -> None:
    run = trained.run
    if not math.isfinite(train_loss):
        reason = f"the train loss is {train_loss} at epoch {run.epoch}"
        raise NonFiniteError(run.variant.paths.root, reason, "lower the learning rate")
    run.epoch = epoch
    trained.record(train_loss, test_loss)
    if epoch in trained.kept:
        trained.checkpoint()
