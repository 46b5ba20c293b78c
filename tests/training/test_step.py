"""The optimizer step, and which epochs get a test loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from headlapse.models.bridge import BridgeForward
from headlapse.models.config import ModelConfig
from headlapse.models.one_layer import OneLayerForward
from headlapse.training.loop import train_epochs
from headlapse.training.run import Run
from headlapse.training.step import FoldedSteps, GraphedSteps, PlainSteps, mean_loss, steps_of
from headlapse.workbench import ModelFamily, Variant


@pytest.fixture
def run(family: ModelFamily, tmp_path) -> Run:
    return Run.begin(family.variant(prime=7, train_fraction=0.6, results=tmp_path), "cpu")


@dataclass
class Recorder:
    """Keeps losses, and nothing on disk."""

    run: Run
    kept: Sequence[int]
    has_failed: bool = False
    losses: list[tuple[float, float]] = field(default_factory=list)

    def record(self, *losses: float) -> None:
        self.losses.append(losses)

    def checkpoint(self) -> None: ...

    def failing(self) -> AbstractContextManager[None]:
        return nullcontext()


def losses_of(run: Run, epochs: int, test_every: int = 1, keep: tuple[int, ...] = ()) -> list[tuple[float, float]]:
    recorder = Recorder(run, keep)
    train_epochs([recorder], epochs, lambda: False, test_every)
    return recorder.losses


def test_the_step_returns_the_loss_before_it_and_lowers_it(run: Run) -> None:
    before = mean_loss(run, run.train).item()
    steps = steps_of(run)
    assert isinstance(steps, FoldedSteps)
    assert steps.step().item() == pytest.approx(before, rel=1e-6)
    assert steps.test_losses().item() == pytest.approx(mean_loss(run, run.test).item(), rel=1e-6)
    assert mean_loss(run, run.train).item() < before


def test_test_losses_are_thinned_and_never_missing_at_checkpoints_and_the_end(run: Run) -> None:
    thinned = losses_of(run, 8, test_every=3, keep=(4,))
    assert [epoch for epoch, (_, test) in enumerate(thinned, start=1) if not math.isnan(test)] == [3, 4, 6, 8]


def test_thinning_changes_no_number(run: Run) -> None:
    full = losses_of(Run.begin(run.variant, "cpu"), 6)
    thinned = losses_of(run, 6, test_every=6)
    assert [train for train, _ in thinned] == [train for train, _ in full]
    assert thinned[-1] == full[-1]


def test_training_takes_the_fast_forward_and_follows_the_bridge(run: Run) -> None:
    assert isinstance(run.forward, OneLayerForward)
    plain = Run.begin(run.variant, "cpu")
    plain.forward = BridgeForward(ModelConfig.of(run.variant.family, run.variant.settings), plain.weights)
    task = run.variant.family.task
    probe, split = torch.from_numpy(task.probe(run.variant.settings)), task.split(run.variant.settings)
    for batch, rows in ((plain.train, split.train), (plain.test, split.test)):
        object.__setattr__(batch, "inputs", probe[np.sort(rows)])
    assert isinstance(steps_of(plain), PlainSteps)
    for found, expected in zip(losses_of(run, 10), losses_of(plain, 10), strict=True):
        assert found == pytest.approx(expected, rel=1e-5)


def test_several_models_at_once_train_as_each_alone(family: ModelFamily, tmp_path) -> None:
    """Other initial weights, other pairs, another learning rate; each has its own files, and goes on alone."""
    settings = [{"seed": 1}, {"seed": 2, "data_seed": 3, "lr": 2e-3}, {"seed": 4, "weight_decay": 0.1}]
    variants = [family.variant(prime=7, train_fraction=0.6, results=tmp_path, **each) for each in settings]
    alone = [losses_of(Run.begin(variant, "cpu"), 20) for variant in variants]
    runs = [Run.begin(variant, "cpu") for variant in variants]
    steps = steps_of(*runs)
    together = [(steps.step().tolist(), steps.test_losses().tolist()) for _ in range(15)]
    for number, run in enumerate(runs):
        found = [(train[number], test[number]) for train, test in together]
        assert np.allclose(found, alone[number][:15], rtol=1e-5, atol=0)
        run.epoch = 15
        run.write_state()
        assert np.allclose(losses_of(Run.resume(run.variant, "cpu"), 20), alone[number][15:], rtol=1e-4, atol=0)
    assert len({tuple(train) for train, _ in together}) == 15 and len(set(together[0][0])) == 3


def test_where_no_graph_can_be_captured_the_step_stays_eager_and_says_so(run: Run) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU, where capturing works")
    eager = losses_of(run, 5)
    steps = GraphedSteps(steps_of(Run.begin(run.variant, "cpu")))
    first = [(steps.step().item(), steps.test_losses().item()) for _ in range(3)]
    with pytest.warns(UserWarning, match="without a CUDA graph"):
        first.append((steps.step().item(), steps.test_losses().item()))
    assert [*first, (steps.step().item(), steps.test_losses().item())] == eager


def test_losses_that_were_not_evaluated_are_none_in_metadata(family: ModelFamily, tmp_path) -> None:
    variant: Variant = family.variant(prime=5, train_fraction=0.6, results=tmp_path)
    variant.train(epochs=5, checkpoint_epochs=[0], test_every=4, analyze=False)
    found = variant.metadata["test_losses"]
    assert [epoch for epoch, loss in enumerate(found, start=1) if loss is not None] == [4, 5]
