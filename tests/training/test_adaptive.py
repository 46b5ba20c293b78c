import hashlib
import os
import signal

import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.training.adaptive import AdaptiveSchedule, least_missed
from headlapse.training.progress import Silent

BUDGET, EPOCHS = 5, 60


def place(attention: float, loss: float, epoch: int) -> np.ndarray:
    return np.array([attention, loss, epoch], dtype=np.float64)


def test_the_checkpoint_that_leaves_the_smallest_gap_goes():
    jumps = {epoch: place(float(epoch >= 30), 0, epoch) for epoch in (0, 10, 20, 30, 40, 50)}
    assert least_missed([0, 10, 20, 30, 40, 50], jumps) == 10  # 20 and 30 hold the jump between them
    assert least_missed([0, 20, 30, 40, 50], jumps) == 40
    assert least_missed([0, 20, 30, 50], jumps) in (20, 30)


def test_where_nothing_moves_epochs_are_spread_evenly():
    epochs = [0, 10, 20, 21, 30]
    assert least_missed(epochs, {epoch: place(0, 0, epoch) for epoch in epochs}) in (20, 21)


def test_the_test_loss_counts_as_well_as_attention():
    falls = {epoch: place(0, 5.0 * (epoch >= 30), epoch) for epoch in (0, 10, 20, 30, 40)}
    assert least_missed([0, 10, 20, 30, 40], falls) == 10


class Stop(Silent):
    """Ends the run at an epoch: as a crash, which loses what was not written, or as Ctrl-C."""

    def __init__(self, epoch: int, crash: bool) -> None:
        self.epoch, self.crash = epoch, crash

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        if epoch == self.epoch:
            if self.crash:
                raise SystemExit(9)
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture(scope="module")
def variant_in(family):
    return lambda folder: family.variant(prime=7, train_fraction=0.6, results=folder)


def train(variant, progress=None, **options):
    options = {"checkpoints": "adaptive", "budget": BUDGET, **options}
    return variant.train(EPOCHS, progress=progress or Silent(), **options)


def content(variant) -> dict[str, str]:
    """Checkpoints and artifacts with the hashes of their bytes."""
    folders = (variant.paths.checkpoints, variant.artifacts_dir)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(variant.paths.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def uninterrupted(variant_in, tmp_path_factory):
    return train(variant_in(tmp_path_factory.mktemp("whole")))


def test_the_budget_holds_and_the_ends_are_kept(uninterrupted):
    epochs = uninterrupted.epochs
    assert len(epochs) == BUDGET and epochs[0] == 0 and epochs[-1] == EPOCHS
    for analyzer in ("attention_patterns", "attention_entropy", "attention_lock_in"):
        assert uninterrupted.artifacts.get_epochs(analyzer) == epochs
    assert uninterrupted.config["schedule"] == {"epochs": EPOCHS, "checkpoints": "adaptive", "budget": BUDGET}
    assert uninterrupted.metadata["checkpoint_epochs"] == epochs


def test_it_keeps_more_where_the_model_moves(uninterrupted):
    candidates = AdaptiveSchedule(uninterrupted, EPOCHS, BUDGET).candidates
    assert len(candidates) > 3 * BUDGET
    gaps = np.diff(uninterrupted.epochs)
    assert gaps.max() > 2 * gaps.min()
    moved = [uninterrupted.checkpoint(epoch).extra["moved"] for epoch in uninterrupted.epochs]
    for way in ("attention", "loss"):
        values = [record[way] for record in moved]
        assert values == sorted(values) and values[0] == 0 < values[-1]


@pytest.mark.parametrize(("epoch", "crash"), [(2, True), (31, True), (46, True), (20, False), (59, False)])
def test_a_run_that_was_stopped_keeps_the_same_checkpoints(variant_in, uninterrupted, tmp_path, epoch, crash):
    variant = variant_in(tmp_path)
    with pytest.raises(SystemExit if crash else KeyboardInterrupt):
        train(variant, Stop(epoch, crash))
    train(variant)
    assert content(variant) == content(uninterrupted)


@pytest.mark.parametrize("budget", [2, 0, -1, True, 2.5])
def test_a_budget_that_cannot_be_is_refused(variant_in, tmp_path, budget):
    with pytest.raises(InvalidValueError, match="whole number >= 3"):
        train(variant_in(tmp_path), budget=budget)


@pytest.mark.parametrize(
    "options",
    [
        {"checkpoints": "adaptive", "checkpoint_every": 10},
        {"checkpoints": "adaptive", "checkpoint_epochs": [0, 10]},
        {"checkpoints": "fixed", "budget": 5},
        {"checkpoint_every": 10, "checkpoint_epochs": [0, 10]},
    ],
)
def test_what_would_do_nothing_is_refused(variant_in, tmp_path, options):
    with pytest.raises(InvalidValueError, match="checkpoint"):
        variant_in(tmp_path).train(EPOCHS, progress=Silent(), **options)
    assert not any(tmp_path.iterdir())


def test_an_unknown_way_of_keeping_is_refused(variant_in, tmp_path):
    with pytest.raises(InvalidValueError, match="fixed or adaptive"):
        train(variant_in(tmp_path), checkpoints="dense")
