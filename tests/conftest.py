"""What tests share: one tiny trained run, and the reference data where it is there.

Of each property 100 examples are tried, the same every time; `HYPOTHESIS_PROFILE=nightly` tries more, and others each time.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import headlapse
from headlapse.families.spec import parse_family_spec
from headlapse.workbench import ModelFamily, Variant
from tests.browsing import chromium, silent_consoles

__all__ = ["silent_consoles"]  # a fixture of every test

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=CHECKS)
settings.register_profile("nightly", max_examples=5_000, deadline=None, suppress_health_check=CHECKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background jobs; programs that tests start inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"


@pytest.fixture(scope="session")
def family() -> ModelFamily:
    """The packaged family."""
    return headlapse.load_family("modulo_addition_1layer")


@pytest.fixture(scope="session")
def small_family(family: ModelFamily) -> Callable[..., ModelFamily]:
    """A function that gives the packaged family with other architecture fields, small enough to run in an instant."""

    def make(**architecture: object) -> ModelFamily:
        content = json.loads(family.path.read_text())
        content["architecture"] |= {"n_heads": 2, "d_model": 16, "d_head": 8, "d_mlp": 32} | architecture
        return ModelFamily(parse_family_spec(content, family.path), family.path)

    return make


@pytest.fixture(scope="session")
def trained(family: ModelFamily, tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """p = 7, 60 epochs, a checkpoint every 20, all analysed. Shared: do not write into it."""
    from headlapse.training.progress import Silent  # here, so that tests without training need no torch

    variant = family.variant(prime=7, train_fraction=0.6, results=tmp_path_factory.mktemp("results"))
    return variant.train(epochs=60, checkpoint_epochs=[0, 20, 40, 60], progress=Silent())


@pytest.fixture
def trained_copy(trained: Variant, tmp_path: Path) -> Variant:
    """A copy of the shared run that a test may damage."""
    shutil.copytree(trained.results, tmp_path / "results")
    return Variant(trained.family, trained.settings, tmp_path / "results")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference data; tests that need it are skipped where it is absent."""
    if not REFERENCE.is_dir():
        pytest.skip("the reference data is not beside this checkout (it is not part of the repository)")
    return REFERENCE


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser
