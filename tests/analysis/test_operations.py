"""Tasks of pairs and models of attention alone, from training to artifacts, against float64 by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import headlapse
from headlapse.errors import BrokenFamilyError
from headlapse.families.spec import parse_family_spec
from headlapse.models.config import ModelConfig
from headlapse.models.forward import forward_for
from headlapse.models.one_layer import OneLayerForward
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily
from tests.models.numpy_layers import all_patterns


def small(name: str, without: tuple[str, ...] = (), **architecture: object) -> ModelFamily:
    """A packaged family with few heads, or without some fields of its architecture."""
    packaged = headlapse.load_family(name)
    content = json.loads(packaged.path.read_text())
    sizes = {"n_heads": 3, "d_model": 10, "d_head": 4, "d_mlp": 14} | architecture
    content["architecture"] = {key: value for key, value in (content["architecture"] | sizes).items() if key not in without}
    return ModelFamily(parse_family_spec(content, packaged.path), packaged.path)


@pytest.mark.parametrize(
    ("family", "settings", "shape", "is_fast"),
    [
        (small("modular_operation_1layer"), {"operation": "divide", "prime": 5}, (3, 3, 3, 5, 4), True),
        (small("group_operation_1layer"), {"group": "S3", "operation": "conjugate"}, (3, 3, 3, 6, 6), True),
        (small("modular_operation_1layer_without_equals"), {"operation": "divide", "prime": 5}, (3, 2, 2, 5, 4), False),
        (small("modulo_addition_2layer"), {"prime": 4}, (6, 3, 3, 4, 4), False),
        (small("modulo_addition_2layer", ("d_mlp", "act_fn")), {"prime": 4}, (6, 3, 3, 4, 4), False),
    ],
    ids=["division", "group", "without equals", "two layers", "attention alone"],
)
def test_every_pattern_of_a_trained_model_is_the_one_computed_by_hand(
    family: ModelFamily, settings: dict[str, str | int], shape: tuple[int, ...], is_fast: bool, tmp_path: Path
) -> None:
    variant = family.variant(**settings, train_fraction=0.6, results=tmp_path)
    variant.train(epochs=3, checkpoint_epochs=[3], progress=Silent())
    found, checkpoint = variant.patterns(3), variant.checkpoint(3)
    assert found.shape == shape
    for place, tokens in zip(np.ndindex(shape[-2:]), variant.probe, strict=True):
        expected = np.concatenate(all_patterns(checkpoint.weights, tokens))
        np.testing.assert_allclose(found[(..., *place)], expected, atol=1e-6)
    config = ModelConfig.of(family, variant.settings)
    weights = {name: torch.tensor(array) for name, array in checkpoint.weights.items()}
    forward = forward_for(config, weights, torch.from_numpy(variant.probe))
    assert isinstance(forward, OneLayerForward) == is_fast
    assert np.isfinite(variant.losses.train).all() and np.isfinite(variant.losses.test).all()


def test_a_family_without_what_its_task_reads_is_refused() -> None:
    packaged = headlapse.load_family("modulo_addition_1layer")
    content = json.loads(packaged.path.read_text()) | {"task": "modular_operation"}
    del content["training"]["train_fraction"]
    family = ModelFamily(parse_family_spec(content, packaged.path), packaged.path)
    with pytest.raises(
        BrokenFamilyError, match=r"has no setting operation, train_fraction, which task modular_operation reads"
    ):
        family.variant(prime=5).train(epochs=1)
