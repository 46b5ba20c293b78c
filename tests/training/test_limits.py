"""A run that cannot fit is refused before any work, with figures."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from headlapse.errors import InvalidValueError
from headlapse.results import limits
from headlapse.training.limits import Plan, check_fits, disk_needed, memory_needed
from headlapse.training.progress import Silent
from headlapse.training.schedule import FixedSchedule
from headlapse.workbench import ModelFamily, Variant

SECONDS_OF_WORK = 10.0  # of this process, whatever else the machine does; what is refused would take hours


@pytest.mark.parametrize("prime", [10_007, 1_000_000])
def test_a_huge_modulus_is_refused_at_once(prime: int, family: ModelFamily, tmp_path: Path) -> None:
    began = time.process_time()
    with pytest.raises(InvalidValueError, match=rf"needs at least [\d,.]+ GB of memory .+ free \(prime {prime:,}"):
        family.variant(prime=prime, results=tmp_path).train(progress=Silent())
    assert time.process_time() - began < SECONDS_OF_WORK
    assert not any(tmp_path.iterdir())


def test_checkpoints_that_do_not_fit_the_disk_are_refused(
    family: ModelFamily, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "free_bytes", lambda path: 10_000_000)
    with pytest.raises(InvalidValueError, match=r"251 checkpoints need at least 0\.4 GB .+ 10\.0 MB free; keep fewer"):
        family.variant(results=tmp_path).train(epochs=25_000, progress=Silent())
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("options", [{"checkpoint_every": 1}, {"checkpoints": "adaptive", "budget": 10**9}])
def test_a_thousand_million_checkpoints_are_refused_without_counting_them_up(
    options: dict[str, object], family: ModelFamily, tmp_path: Path
) -> None:
    began = time.process_time()
    with pytest.raises(InvalidValueError, match=r"1,000,000,00[01] checkpoints need at least [\d,.]+ GB"):
        family.variant(prime=7, results=tmp_path).train(epochs=10**9, progress=Silent(), **options)  # type: ignore[arg-type]
    assert time.process_time() - began < SECONDS_OF_WORK and not any(tmp_path.iterdir())


@pytest.mark.parametrize(("epochs", "every"), [(0, 1), (0, 7), (7, 1), (250, 100), (300, 100), (5, 100)])
def test_checkpoints_are_counted_as_they_are_listed(epochs: int, every: int) -> None:
    assert FixedSchedule(epochs, every).most == len(FixedSchedule(epochs, every).candidates)


def test_a_training_state_is_replaced_by_one_beside_it(trained: Variant, family: ModelFamily, tmp_path: Path) -> None:
    fresh = family.variant(prime=7, train_fraction=0.6, results=tmp_path)
    state = 3 * sum(array.nbytes for array in trained.checkpoint(0).weights.values())
    more = disk_needed(fresh, Plan(60, 4, analyze=True)) - disk_needed(trained, Plan(60, 4, analyze=True))
    assert 0.9 * state < more < state
    assert disk_needed(fresh, Plan(0, 1, analyze=False)) == disk_needed(trained, Plan(0, 1, analyze=False))


def test_what_is_there_needs_no_room(trained: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    state = trained.paths.training_state.stat().st_size
    monkeypatch.setattr(limits, "free_bytes", lambda path: state + 1000)
    check_fits(trained, Plan(60, 4, analyze=True), "cpu")
    with pytest.raises(InvalidValueError, match="2 more checkpoints need at least"):
        check_fits(trained, Plan(100, 6, analyze=True), "cpu")


def test_estimates_are_lower_bounds_of_the_right_size(trained: Variant, family: ModelFamily) -> None:
    files = [*trained.paths.checkpoints.iterdir(), *trained.artifacts_dir.rglob("*.npz")]
    files += [trained.paths.training_state, trained.paths.losses]
    kept = sum(path.stat().st_size for path in files)
    assert 0.5 * kept < disk_needed(trained, Plan(60, 4, analyze=True)) < kept
    published = memory_needed(family.variant())
    assert 25e6 < published < 200e6


def test_device_memory_is_what_counts(trained: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory_free", lambda device: 1000)
    with pytest.raises(InvalidValueError, match=r"cpu has 0\.0 MB free"):
        check_fits(trained, Plan(1, 1, analyze=False), "cpu")
