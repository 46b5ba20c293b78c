"""One optimizer step on the full batch, as a function that returns the train loss before it."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from headlapse.training.run import Batch, Run

Step = Callable[[], Tensor]
WARM_UP = 3  # steps before a CUDA graph is captured; source: torch.cuda.CUDAGraph's notes


def step_of(run: Run) -> Step:
    """The step for the run's device. On a GPU it is bound by launching kernels, so it is captured as a CUDA graph."""
    return GraphedStep(run) if run.train.labels.is_cuda else EagerStep(run)


class EagerStep:
    """Forward, backward, optimizer."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self) -> Tensor:
        self._run.optimizer.zero_grad()
        loss = mean_loss(self._run, self._run.train)
        loss.backward()
        self._run.optimizer.step()
        return loss.detach()


class GraphedStep:
    """The same step, replayed from a CUDA graph after a few eager ones. Where capturing fails it stays eager and warns."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._eager = EagerStep(run)
        self._steps = 0
        self._replay: Step | None = None

    def __call__(self) -> Tensor:
        self._steps += 1
        if self._steps == WARM_UP + 1:
            self._replay = self._capture()
        return (self._replay or self._eager)()

    def _capture(self) -> Step | None:
        """Recording runs nothing: the weights move when the graph is replayed."""
        self._run.optimizer.zero_grad()
        try:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                loss = self._eager()
        except RuntimeError as error:
            warnings.warn(f"the training step runs without a CUDA graph: {error}", stacklevel=2)
            return None

        def replay() -> Tensor:
            graph.replay()
            return loss

        return replay


def mean_loss(run: Run, batch: Batch) -> Float[Tensor, ""]:
    """Mean cross-entropy over `batch`, in nats, float64."""
    return cross_entropy(run.forward.logits(run.weights, batch.inputs), batch.labels)


def cross_entropy(logits: Float[Tensor, "batch vocab"], labels: Int[Tensor, " batch"]) -> Float[Tensor, ""]:
    """Mean cross-entropy from float64 log-softmax: in float32 a grokked model's loss and gradient round to zero."""
    log_probabilities = logits.double().log_softmax(dim=-1)
    return -log_probabilities.gather(dim=-1, index=labels[:, None]).mean()
