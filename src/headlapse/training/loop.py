"""The training loop: full batch, AdamW, cross-entropy of the last position.

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023), and its public code.
"""

from __future__ import annotations

from collections.abc import Callable, Container

import torch
from jaxtyping import Float, Int
from torch import Tensor

from headlapse.errors import NonFiniteError
from headlapse.training.run import Batch, Run

Record = Callable[[float, float], None]


def train_epochs(
    run: Run,
    epochs: int,
    keep: Container[int],
    record: Record,
    checkpoint: Callable[[], None],
    stopped: Callable[[], bool],
) -> None:
    """Advance `run` to `epochs`, or until `stopped()`.

    Every epoch calls `record(train loss before the step, test loss after it)`; `checkpoint()` follows where the epoch
    reached is in `keep`. Raises `NonFiniteError` as soon as the train loss is not a number.
    """
    if run.epoch == 0 and 0 in keep:
        checkpoint()
    while run.epoch < epochs and not stopped():
        loss = mean_loss(run, run.train)
        train_loss = loss.item()
        if not torch.isfinite(loss):
            raise NonFiniteError(
                run.variant.paths.root, f"the train loss is {train_loss} at epoch {run.epoch}", "lower the learning rate"
            )
        loss.backward()  # type: ignore[no-untyped-call]
        run.optimizer.step()
        run.optimizer.zero_grad()
        run.epoch += 1
        with torch.no_grad():
            test_loss = mean_loss(run, run.test).item()
        record(train_loss, test_loss)
        if run.epoch in keep:
            checkpoint()


def mean_loss(run: Run, batch: Batch) -> Float[Tensor, ""]:
    """Mean cross-entropy over `batch`, in nats, float64."""
    return cross_entropy(run.forward.logits(run.weights, batch.inputs), batch.labels)


def cross_entropy(logits: Float[Tensor, "batch vocab"], labels: Int[Tensor, " batch"]) -> Float[Tensor, ""]:
    """Mean cross-entropy from float64 log-softmax: in float32 a grokked model's loss and gradient round to zero."""
    log_probabilities = logits.double().log_softmax(dim=-1)
    return -log_probabilities.gather(dim=-1, index=labels[:, None]).mean()
