"""A run with adaptive checkpoints goes on that was killed under version 0.1.0, one epoch after its newest checkpoint."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.training.progress import Silent
from headlapse.workbench import Variant
from tests.golden.test_v0_1_0 import HERE

KEPT = [0, 8, 12, 16, 22]
LOSSES_OF_0_1_0 = {0: 1.6308619584653261, 21: 1.0931353469470706, 22: 1.0645440134296964, 39: 0.35183827723255995}


@pytest.fixture
def killed(tmp_path: Path) -> Variant:
    shutil.copytree(HERE / "killed", tmp_path / "results")
    (folder,) = (tmp_path / "results" / "golden_addition").iterdir()
    return headlapse.load_variant(folder, HERE / "families")


def test_what_it_wrote_is_read(killed: Variant) -> None:
    assert killed.epochs == KEPT == killed.artifacts.paths.epochs("attention_patterns")
    way = [killed.checkpoint(epoch).extra["moved"]["attention"] for epoch in killed.epochs]
    assert way == sorted(way) and way[0] == 0 < way[-1]
    assert killed.losses.train[[0, 21]].tolist() == [LOSSES_OF_0_1_0[0], LOSSES_OF_0_1_0[21]]


def test_it_goes_on_as_0_1_0_did(killed: Variant) -> None:
    killed.train(epochs=40, checkpoints="adaptive", budget=5, progress=Silent())
    losses = killed.metadata["train_losses"]
    assert len(losses) == 40
    np.testing.assert_allclose([losses[epoch] for epoch in LOSSES_OF_0_1_0], [*LOSSES_OF_0_1_0.values()], rtol=1e-4)
    assert len(killed.epochs) == 5 and killed.epochs[0] == 0 and killed.epochs[-1] == 40
    assert killed.artifacts.paths.epochs("attention_patterns") == killed.epochs
