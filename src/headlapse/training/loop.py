"""The training loop: full batch, AdamW, cross-entropy of the last position.

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023), and its public code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container

from headlapse.errors import NonFiniteError
from headlapse.training.run import Run
from headlapse.training.step import steps_of

Record = Callable[[float, float], None]


def train_epochs(
    run: Run,
    epochs: int,
    keep: Container[int],
    record: Record,
    checkpoint: Callable[[], None],
    stopped: Callable[[], bool],
    test_every: int = 1,
) -> None:
    """Advance `run` to `epochs`, or until `stopped()`.

    Every epoch calls `record(train loss before the step, test loss after it)`; the test loss is NaN where it was not
    evaluated: it is at multiples of `test_every`, at checkpoints and at the end. `checkpoint()` follows where the epoch
    reached is in `keep`. Raises `NonFiniteError` as soon as the train loss is not a number.
    """
    if run.epoch == 0 and 0 in keep:
        checkpoint()
    steps = steps_of(run)
    while run.epoch < epochs and not stopped():
        run.draw_batch()
        train_loss = steps.step().item()
        if not math.isfinite(train_loss):
            raise NonFiniteError(
                run.variant.paths.root, f"the train loss is {train_loss} at epoch {run.epoch}", "lower the learning rate"
            )
        run.epoch += 1
        is_tested = run.epoch % test_every == 0 or run.epoch in keep or run.epoch == epochs
        record(train_loss, steps.test_losses().item() if is_tested else math.nan)
        if run.epoch in keep:
            checkpoint()
