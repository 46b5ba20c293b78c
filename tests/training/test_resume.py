"""A run that stops and continues is the run that never stopped, to the last bit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import BusyError, HeadlapseError, InvalidValueError, NonFiniteError
from headlapse.results.headers import read_epoch
from headlapse.storage import atomic
from headlapse.storage.atomic import temporaries
from headlapse.storage.filesystem import Disk
from headlapse.storage.lock import locked
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.waiting import SECONDS


@pytest.fixture
def make(small_family: Callable[..., ModelFamily], tmp_path: Path) -> Callable[..., Variant]:
    """A function that gives a small variant in a results folder of the given name."""

    def variant(name: str, **settings: float) -> Variant:
        return small_family().variant(results=tmp_path / name, prime=7, train_fraction=0.6, **settings)

    return variant


def train(variant: Variant, epochs: int, **options: object) -> Variant:
    return variant.train(epochs=epochs, analyze=False, progress=options.pop("progress", Silent()), **options)


def hexes(losses: np.ndarray) -> list[str]:
    return [loss.hex() for loss in losses.tolist()]


class Interrupting(Silent):
    """Sends this process a signal at an epoch."""

    def __init__(self, epoch: int, number: int) -> None:
        self.epoch, self.number, self.epoch_reached = epoch, number, 0

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self.epoch_reached = epoch
        if epoch == self.epoch:
            os.kill(os.getpid(), self.number)


def assert_same_run(left: Variant, right: Variant) -> None:
    assert hexes(left.losses.train) == hexes(right.losses.train)
    assert hexes(left.losses.test) == hexes(right.losses.test)
    assert left.epochs == right.epochs
    for epoch in left.epochs:
        assert left.checkpoint(epoch).sha256 == right.checkpoint(epoch).sha256
        assert left.paths.checkpoint(epoch).read_bytes() == right.paths.checkpoint(epoch).read_bytes()
    assert left.paths.training_state.read_bytes() == right.paths.training_state.read_bytes()


def test_a_continued_run_equals_an_uninterrupted_one(make: Callable[..., Variant]) -> None:
    whole = train(make("whole"), 50, checkpoint_every=10)
    parts = make("parts")
    for epochs in (0, 1, 20, 33, 50):
        train(parts, epochs, checkpoint_epochs=[epoch for epoch in (0, 10, 20, 30, 40, 50) if epoch <= epochs])
    assert_same_run(whole, parts)


@pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_a_signal_finishes_the_epoch_and_saves(make: Callable[..., Variant], number: int, error: type[BaseException]) -> None:
    variant = make("stopped")
    with pytest.raises(error) as caught:
        train(variant, 50, checkpoint_every=10, progress=Interrupting(23, number))
    assert error is KeyboardInterrupt or caught.value.code == 143
    assert variant.state == "cancelled" and variant.status["epoch"] == 23 and len(variant.losses) == 23
    assert_same_run(train(variant, 50, checkpoint_every=10), train(make("whole"), 50, checkpoint_every=10))
    assert variant.state == "trained"


def test_a_second_signal_while_saving_ends_at_once_and_tears_nothing(
    make: Callable[..., Variant], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient(Disk):
        """Somebody asks again in the middle of a write, once the first signal made the run save."""

        def write(self, file: int, content: memoryview) -> int:
            if variant.epochs and progress.epoch_reached >= 23:
                os.kill(os.getpid(), signal.SIGTERM)
            return super().write(file, content)

    variant, progress = make("stopped"), Interrupting(23, signal.SIGTERM)
    monkeypatch.setattr(atomic, "disk", Impatient())
    with pytest.raises(SystemExit) as caught:
        train(variant, 50, checkpoint_every=10, progress=progress)
    assert caught.value.code == 143
    monkeypatch.setattr(atomic, "disk", Disk())
    assert not temporaries(variant.paths.root) and variant.status["epoch"] == 20, "epoch 23 was not saved any more"
    assert_same_run(train(variant, 50, checkpoint_every=10), train(make("whole"), 50, checkpoint_every=10))


def test_a_killed_run_continues(make: Callable[..., Variant], tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from tests.training.kill_at import main\n"
        "main(sys.argv[2], int(sys.argv[3]))\n"
    )
    variant = make("killed")
    root = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", script, root, str(variant.results), "27"], timeout=SECONDS, check=False)
    assert done.returncode == -signal.SIGKILL
    assert variant.state == "failed" and variant.epochs == [0, 10, 20]
    assert_same_run(train(variant, 50, checkpoint_every=10), train(make("whole"), 50, checkpoint_every=10))


def test_a_state_never_points_beyond_what_is_there(make: Callable[..., Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    class Looking(Disk):
        """Looks at the run whenever its state has just been replaced."""

        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            if target == variant.paths.training_state and (reached := read_epoch(target)):
                seen[reached] = (len(variant.losses), variant.epochs[-1])

    variant, seen = make("run"), {}
    monkeypatch.setattr(atomic, "disk", Looking())
    train(variant, 25, checkpoint_every=10)
    assert seen == {10: (10, 10), 20: (20, 20), 25: (25, 25)}


def test_restart_begins_again(make: Callable[..., Variant]) -> None:
    variant = train(make("run"), 20, checkpoint_every=5)
    train(variant, 10, checkpoint_every=10, restart=True)
    assert variant.epochs == [0, 10] and len(variant.losses) == 10


def test_a_finished_run_is_left_alone(make: Callable[..., Variant]) -> None:
    variant = train(make("run"), 20)
    before = variant.paths.training_state.read_bytes()
    train(variant, 10)
    assert variant.paths.training_state.read_bytes() == before and variant.epochs == [0, 20]
    assert len(variant.losses) == 20 and variant.state == "trained"


def test_a_damaged_state_is_named_with_the_remedy(make: Callable[..., Variant]) -> None:
    variant = train(make("run"), 10)
    variant.paths.training_state.write_bytes(variant.paths.training_state.read_bytes()[:-5])
    with pytest.raises(HeadlapseError, match=r"training_state.safetensors: .*--restart"):
        train(variant, 20)
    variant.paths.training_state.unlink()
    with pytest.raises(InvalidValueError, match=r"no training state to continue from; train with --restart"):
        train(variant, 20)
    train(variant, 20, restart=True)


def test_one_training_at_a_time(make: Callable[..., Variant]) -> None:
    variant = make("run")
    with locked(variant.paths.lock, "train"), pytest.raises(BusyError, match=r"cannot train: this process itself is busy"):
        train(variant, 10)
    train(variant, 10)


def test_a_diverging_run_keeps_its_last_finite_checkpoint(make: Callable[..., Variant]) -> None:
    variant = make("diverging", lr=1e30)
    with pytest.raises(NonFiniteError, match=r"the train loss is (nan|inf) at epoch \d+; lower the learning rate"):
        train(variant, 50, checkpoint_every=1)
    assert variant.state == "failed" and "NonFiniteError" in variant.status["reason"]
    assert all(np.isfinite(array).all() for array in variant.checkpoint(0).weights.values())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": -1}, "epochs must be an integer >= 0"),
        ({"epochs": 1.5}, "epochs must be an integer >= 0"),
        ({"epochs": 10, "checkpoint_every": 0}, "checkpoint_every must be an integer >= 1"),
        ({"epochs": 10, "device": "tpu"}, "device must be auto, cpu or cuda, got 'tpu'"),
    ],
)
def test_bad_options_are_refused_before_anything_is_written(make: Callable[..., Variant], options: dict, message: str) -> None:
    variant = make("run")
    with pytest.raises(InvalidValueError, match=message):
        train(variant, **options)
    assert not variant.results.exists()
