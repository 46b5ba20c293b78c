"""Each layout, imported, attends and answers as an independent float64 computation says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from headlapse.analysis import AnalysisPipeline
from headlapse.importing.layouts import LayoutRegistry
from tests.importing.models import (
    HEADS,
    as_bridge,
    as_nanda,
    assert_weights,
    losses_of,
    model,
    patterns_of,
    split,
    take,
    without_biases,
)
from tests.plug_ins import keep_apart

LAYOUTS = {
    "hooked_transformer": (lambda weights: weights, lambda weights: weights),
    "bridge": (as_bridge, lambda weights: weights),
    "progress_measures": (as_nanda, without_biases),
}


def test_every_layout_is_tested() -> None:
    assert set(LAYOUTS) == set(LayoutRegistry.names())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_patterns_and_losses_equal_float64(layout: str, tmp_path: Path) -> None:
    change, meant = LAYOUTS[layout]
    weights, (train, test) = model(), split()
    content = {"model": change(weights), "epoch": 7, "train_indices": train, "test_indices": torch.tensor(test)}
    torch.save(content, tmp_path / "run.pth")
    imported = take(tmp_path / "run.pth", tmp_path, heads=HEADS)
    assert imported.variant.shape["n_heads"] == HEADS
    assert not AnalysisPipeline(imported.variant).run().failed
    np.testing.assert_allclose(imported.variant.patterns(7), patterns_of(meant(weights)), atol=1e-6)
    losses, record = losses_of(meant(weights)), imported.variant.record(7)
    assert record["train_loss"] == pytest.approx(losses[train].mean(), abs=1e-6)
    assert record["test_loss"] == pytest.approx(losses[test].mean(), abs=1e-6)
    assert imported.variant.losses.at(7) == (record["train_loss"], record["test_loss"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_weights_are_taken_over_exactly(layout: str, tmp_path: Path) -> None:
    change, meant = LAYOUTS[layout]
    torch.save(change(model(3)), tmp_path / "epoch_4.pt")
    assert_weights(take(tmp_path / "epoch_4.pt", tmp_path, heads=HEADS), 4, meant(model(3)))


def test_a_layout_of_a_package_is_discovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from headlapse.importing.layouts import Layout

    shouted = Layout("shouted", "in capitals", "BLOCKS.0.ATTN.W_O", 3, lambda name: (name.upper(), None))
    keep_apart(monkeypatch, LayoutRegistry, shouted)
    torch.save({name.upper(): tensor for name, tensor in model().items()}, tmp_path / "epoch_1.pt")
    imported = take(tmp_path / "epoch_1.pt", tmp_path)
    assert imported.layout == "in capitals"
    assert_weights(imported, 1, model())
