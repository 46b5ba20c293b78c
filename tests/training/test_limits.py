"""A run that cannot fit is refused before any work, with figures."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from headlapse import limits
from headlapse.errors import InvalidValueError
from headlapse.families import ModelFamily
from headlapse.results import Variant
from headlapse.training.limits import Plan, check_fits, disk_needed, memory_needed
from headlapse.training.progress import Silent


@pytest.mark.parametrize("prime", [10_007, 1_000_000])
def test_a_huge_modulus_is_refused_at_once(prime: int, family: ModelFamily, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidValueError, match=rf"needs at least [\d,.]+ GB of memory .+ free \(prime {prime:,}"):
        family.variant(prime=prime, results=tmp_path).train(progress=Silent())
    assert time.monotonic() - began < 10
    assert not any(tmp_path.iterdir())


def test_checkpoints_that_do_not_fit_the_disk_are_refused(
    family: ModelFamily, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "free_bytes", lambda path: 10_000_000)
    with pytest.raises(InvalidValueError, match=r"251 checkpoints need at least 0\.4 GB .+ 10\.0 MB free; keep fewer"):
        family.variant(results=tmp_path).train(epochs=25_000, progress=Silent())
    assert not any(tmp_path.iterdir())


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
