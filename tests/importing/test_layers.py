"""Weights of two layers: all heads of both in a family of two layers, refused by one of another number."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from headlapse.analysis import AnalysisPipeline
from headlapse.errors import IncompatibleFileError
from headlapse.families.spec import parse_family_spec
from headlapse.workbench import ModelFamily
from tests.importing.models import HEADS, P, Weights, as_bridge, as_nanda, model, take, without_biases
from tests.models.numpy_layers import all_patterns

LAYOUTS: dict[str, Callable[[Weights], Weights]] = {
    "hooked_transformer": lambda weights: weights,
    "bridge": as_bridge,
    "progress_measures": as_nanda,
}
FIRST, SECOND = (without_biases(model(seed)) for seed in (0, 1))


def of_two_layers(change: Callable[[Weights], Weights] = lambda weights: weights) -> Weights:
    """The second block of the layout after the first one."""
    second = {name.replace("blocks.0.", "blocks.1."): tensor for name, tensor in change(SECOND).items() if "blocks.0." in name}
    return {**change(FIRST), **second}


@pytest.fixture
def two(family: ModelFamily) -> ModelFamily:
    """The packaged family with two layers."""
    content = json.loads(family.path.read_text())
    content["architecture"]["n_layers"] = 2
    return ModelFamily(parse_family_spec(content, family.path), family.path)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_heads_of_two_layers_equal_float64(layout: str, two: ModelFamily, tmp_path: Path) -> None:
    torch.save(of_two_layers(LAYOUTS[layout]), tmp_path / "epoch_5.pt")
    variant = take(tmp_path / "epoch_5.pt", tmp_path, family=two, heads=HEADS if layout == "bridge" else None).variant
    AnalysisPipeline(variant).run()
    found = variant.patterns(5)
    assert found.shape == (2 * HEADS, 3, 3, P, P)
    weights = {name: tensor.numpy() for name, tensor in of_two_layers().items()}
    for a in range(P):
        for b in range(P):
            exact = all_patterns(weights, np.array([a, b, P])).reshape(2 * HEADS, 3, 3)
            np.testing.assert_allclose(found[..., a, b], exact, rtol=0, atol=1e-6)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_number_of_layers_is_refused(layout: str, two: ModelFamily, tmp_path: Path) -> None:
    torch.save(of_two_layers(LAYOUTS[layout]), tmp_path / "epoch_5.pt")
    with pytest.raises(IncompatibleFileError, match=r"holds 2 layers, .* have 1; it belongs to a family with n_layers 2"):
        take(tmp_path / "epoch_5.pt", tmp_path)
    torch.save(LAYOUTS[layout](FIRST), tmp_path / "epoch_6.pt")
    with pytest.raises(IncompatibleFileError, match=r"holds 1 layer, .* have 2; it belongs to a family with n_layers 1"):
        take(tmp_path / "epoch_6.pt", tmp_path, family=two)
    torch.save({"model": of_two_layers(LAYOUTS[layout]), "config": {"n_layers": 1}}, tmp_path / "epoch_7.pt")
    with pytest.raises(IncompatibleFileError, match=r"states config.n_layers 1 .* the weights have n_layers 2"):
        take(tmp_path / "epoch_7.pt", tmp_path, family=two, heads=HEADS if layout == "bridge" else None)
