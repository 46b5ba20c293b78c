"""One optimizer step on the full batch, and the test loss after it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from headlapse.models.one_layer import OneLayerForward
from headlapse.models.one_layer_tables import Tables
from headlapse.models.weighted_table_sum import Pairs
from headlapse.training.cross_entropy import cross_entropy, losses_and_gradient, mean_losses
from headlapse.training.run import Batch, Run

Losses = Float[Tensor, " model"]
WARM_UP = 3  # calls before a CUDA graph is captured; source: torch.cuda.CUDAGraph's notes


@runtime_checkable
class Steps(Protocol):
    """Training steps of one or several models. Losses are means over a batch in nats, float64, one per model."""

    def step(self) -> Losses:
        """Advance the weights by one step of the optimizer and return the train losses before it."""
        ...

    def test_losses(self) -> Losses:
        """The current test losses."""
        ...


def steps_of(*runs: Run) -> Steps:
    """The fastest steps for these runs, which have the same architecture and device.

    On a GPU a step is bound by launching kernels, so it is captured as a CUDA graph.
    """
    forward = runs[0].forward
    steps: Steps = FoldedSteps(forward, runs) if isinstance(forward, OneLayerForward) else PlainSteps(*runs)
    is_fixed = not runs[0].draws_batches  # a graph would always train on its first batch
    return GraphedSteps(steps) if runs[0].train.labels.is_cuda and is_fixed else steps


class PlainSteps:
    """Forward, backward by autograd, optimizer."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def step(self) -> Losses:
        self._run.optimizer.zero_grad()
        loss = mean_loss(self._run, self._run.train)
        loss.backward()
        self._run.optimizer.step()
        return loss.detach()[None]

    @torch.no_grad()
    def test_losses(self) -> Losses:
        return mean_loss(self._run, self._run.test)[None]


def mean_loss(run: Run, batch: Batch) -> Float[Tensor, ""]:
    """Mean cross-entropy over `batch`, in nats, float64, differentiable."""
    return cross_entropy(run.forward.logits(run.weights, batch.inputs), batch.labels)


class FoldedSteps:
    """Steps of one-layer models by `OneLayerForward`, with gradients written by hand.

    The next step uses the tables of the test loss.
    """

    def __init__(self, forward: OneLayerForward, runs: Sequence[Run]) -> None:
        self._forward, self._runs = forward, runs
        self._weights = _joined_weights(runs)
        self._train, self._test = (self._joined([getattr(run, part) for run in runs]) for part in ("train", "test"))
        self._tables: Tables | None = None

    @torch.no_grad()
    def step(self) -> Losses:
        tables = self._tables or self._fold()
        inputs, labels = self._train
        logits, kept = self._forward.run(tables, inputs)
        losses, grad = losses_and_gradient(logits, labels)
        gradients = self._forward.gradients(grad, kept, tables, inputs, self._weights)
        for number, run in enumerate(self._runs):
            for name, weight in run.weights.items():
                weight.grad = gradients[name][number] if weight.requires_grad else None
            run.optimizer.step()
        self._tables = None
        return losses

    @torch.no_grad()
    def test_losses(self) -> Losses:
        tables = self._fold()
        inputs, labels = self._test
        self._tables = tables if not labels.is_cuda else None
        return mean_losses(self._forward.answer(tables, inputs), labels)

    def _fold(self) -> Tables:
        return self._forward.fold(self._weights, self._train[0])

    def _joined(self, batches: Sequence[Batch]) -> tuple[Pairs, Tensor]:
        inputs = self._forward.prepare_models([tokens for batch in batches for tokens in batch.inputs.tokens])
        return inputs, torch.stack([batch.labels for batch in batches])


def _joined_weights(runs: Sequence[Run]) -> dict[str, Tensor]:
    """The weights of all runs with a leading axis; the weights of each run become views of them."""
    if len(runs) == 1:
        return {name: weight.detach()[None] for name, weight in runs[0].weights.items()}
    joined = {name: torch.stack([run.weights[name].detach() for run in runs]) for name in runs[0].weights}
    for number, run in enumerate(runs):
        for name, weight in run.weights.items():
            weight.data = joined[name][number]
    return joined


class GraphedSteps:
    """The same steps, replayed from CUDA graphs after a few eager ones. If capturing fails, they stay eager and warn."""

    def __init__(self, steps: Steps) -> None:
        self.step, self.test_losses = _Graphed(steps.step), _Graphed(steps.test_losses)


class _Graphed:
    def __init__(self, work: Callable[[], Tensor]) -> None:
        self._eager = work
        self._calls = 0
        self._replay: Callable[[], Tensor] | None = None

    def __call__(self) -> Tensor:
        self._calls += 1
        if self._calls == WARM_UP + 1:
            self._replay = self._captured()
        return (self._replay or self._eager)()

    def _captured(self) -> Callable[[], Tensor] | None:
        """Capturing computes nothing: the weights change when the graph is replayed."""
        try:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                losses = self._eager()
        except RuntimeError as error:
            warnings.warn(f"the training step runs without a CUDA graph: {error}", stacklevel=2)
            return None

        def replay() -> Tensor:
            graph.replay()
            return losses

        return replay
