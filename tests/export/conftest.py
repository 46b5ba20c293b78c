"""A made-up run: every cell of its attention is its own number."""

from pathlib import Path

import pytest

from headlapse.workbench import Variant
from tests.dashboard.runs import make_variant

EPOCHS = [0, 100, 200, 10_400]


@pytest.fixture(scope="session")
def variant(tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """p = 7, four checkpoints, analysed. Shared: do not write into it."""
    return make_variant(tmp_path_factory.mktemp("results"), EPOCHS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
