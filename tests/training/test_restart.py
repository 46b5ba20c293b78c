"""A restart begins again and loses nothing: the earlier run is kept aside, whole, and the user is told where."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.importing import import_checkpoints
from headlapse.results import limits
from headlapse.results.checkpoints import read_checkpoint
from headlapse.results.integrity import inspect
from headlapse.results.paths import VariantPaths, variant_folders
from headlapse.storage import atomic
from headlapse.storage.filesystem import Disk
from headlapse.training.limits import Plan, check_fits, disk_needed
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant


class Told(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def make(small_family: Callable[..., ModelFamily], tmp_path: Path) -> Callable[..., Variant]:
    """A function that gives a small variant in a results folder of the given name."""
    return lambda name: small_family().variant(results=tmp_path / name, prime=7, train_fraction=0.6)


def train(variant: Variant, epochs: int, **options: object) -> Variant:
    return variant.train(epochs=epochs, **{"analyze": False, "progress": Silent(), **options})


def test_a_restart_keeps_the_earlier_run_aside_and_says_where(make: Callable[..., Variant]) -> None:
    variant = train(make("run"), 20, checkpoint_every=5, analyze=True)
    own = {path.relative_to(variant.paths.root): path.read_bytes() for path in variant.paths.root.rglob("*") if path.is_file()}
    told = Told()
    for epochs in (10, 12, 0):  # within one second, as like as not
        train(variant, epochs, checkpoint_every=5, restart=True, progress=told)
    folders = sorted((variant.paths.root / "replaced_runs").iterdir())
    assert [re.findall(r"kept in (\S+); ", note)[0] for note in told.notes] == [str(folder) for folder in folders]
    kept = {path.relative_to(folders[0]): path.read_bytes() for path in folders[0].rglob("*") if path.is_file()}
    assert kept == {path: content for path, content in own.items() if path.name != ".lock"}
    assert [len(VariantPaths(folder).epochs()) for folder in folders] == [5, 3, 4]
    assert variant.epochs == [0] and variant_folders(variant.results) == [variant.paths.root] and not inspect(variant)


def test_what_a_restart_kept_can_be_imported(make: Callable[..., Variant]) -> None:
    variant = train(make("run"), 20, checkpoint_every=5)
    weights, losses = variant.checkpoint(20).weights, variant.losses
    train(variant, 5, restart=True)
    (folder,) = (variant.paths.root / "replaced_runs").iterdir()
    imported = import_checkpoints(folder, name="before", results=variant.results).variant
    assert imported.epochs == [0, 5, 10, 15, 20]
    assert all(np.array_equal(imported.checkpoint(20).weights[name], array) for name, array in weights.items())
    assert np.array_equal(imported.losses.test[:20], losses.test)


def test_a_first_run_replaces_nothing(make: Callable[..., Variant]) -> None:
    variant = train(make("run"), 2, restart=True)
    assert not (variant.paths.root / "replaced_runs").exists()


@pytest.mark.parametrize("moved", range(7))
def test_a_restart_that_was_killed_while_it_moved_things_loses_nothing(
    make: Callable[..., Variant], monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    variant = train(make("run"), 10, checkpoint_every=5, analyze=True)
    weights = {epoch: variant.checkpoint(epoch).sha256 for epoch in variant.epochs}

    class Killed(BaseException):
        """What ends a process."""

    class Dying(Disk):
        """Moves so many things, and no more."""

        left = moved

        def replace(self, source: Path, target: Path) -> None:
            if "replaced_runs" in target.parts:
                self.left -= 1
                if self.left < 0:
                    raise Killed
            super().replace(source, target)

    monkeypatch.setattr(atomic, "disk", Dying())
    with pytest.raises(Killed):
        train(variant, 20, restart=True)
    monkeypatch.setattr(atomic, "disk", Disk())
    if variant.paths.training_state.exists():
        train(variant, 10)
        assert variant.epochs == [0, 5, 10]
    train(variant, 5, checkpoint_every=5, restart=True)
    assert variant.epochs == [0, 5] and not inspect(variant)
    kept = list((variant.paths.root / "replaced_runs").rglob("checkpoint_epoch_*.safetensors"))
    assert {read_checkpoint(path, variant.identity).sha256 for path in kept} >= set(weights.values())


def test_a_restart_needs_room_for_the_whole_run(make: Callable[..., Variant], monkeypatch: pytest.MonkeyPatch) -> None:
    variant = train(make("run"), 20, checkpoint_every=5)
    plans = [Plan(20, 5, analyze=False, restart=restart) for restart in (False, True)]
    fresh = disk_needed(make("other"), Plan(20, 5, analyze=False))
    assert disk_needed(variant, plans[1]) == fresh
    monkeypatch.setattr(limits, "free_bytes", lambda path: fresh - 1)
    check_fits(variant, plans[0], "cpu")
    with pytest.raises(InvalidValueError, match="5 checkpoints need at least"):
        check_fits(variant, plans[1], "cpu")
