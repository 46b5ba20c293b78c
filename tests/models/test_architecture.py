"""Every field that an architecture may declare is computed as declared, or refused by the fast ways: none is passed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

import numpy as np
import pytest
import torch

from headlapse.analysis.capture import BridgeCapture, GridCapture, capture_for
from headlapse.errors import BrokenFamilyError
from headlapse.families.spec import ArchitectureSpec
from headlapse.models.bridge import BridgeForward
from headlapse.models.config import SIZES, ModelConfig
from headlapse.models.forward import forward_for
from headlapse.models.layouts import is_bias, weight_shapes
from headlapse.models.one_layer import OneLayerForward, covers
from headlapse.models.one_layer_patterns import OF_NO_EFFECT, covers_grid, grid_patterns
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.models.numpy_transformer import Options, all_inputs, patterns_and_logits

P = 5
PROBE = torch.tensor(all_inputs(P))
KEYS = [("pattern", 0)]
Small = Callable[..., ModelFamily]
# architecture, and whether its logits have a fast way; its patterns have one
CASES: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"n_heads": 3}, True),
    ({"d_model": 20}, True),
    ({"d_head": 5}, True),
    ({"d_mlp": 27}, True),
    ({"train_biases": True}, True),
    ({"attention_dir": "bidirectional"}, True),
    ({"use_attn_scale": False}, True),
    ({"attn_scale": 1.0}, True),
    ({"attn_scale": 0.7}, True),
    ({"attn_scale": 0.7, "attention_dir": "bidirectional"}, True),
    *(({"act_fn": act_fn}, True) for act_fn in ("gelu", "gelu_new", "silu", "solu")),
    *(({"normalization": normalization}, False) for normalization in ("LN", "LNPre", "RMS", "RMSPre")),
    *(({"normalization": normalization, "eps": 0.2}, False) for normalization in ("LN", "LNPre", "RMS", "RMSPre")),
    ({"act_fn": "solu_ln", "normalization": "LN", "eps": 0.1}, False),
    ({"normalization": "LNPre", "attention_dir": "bidirectional", "use_attn_scale": False, "act_fn": "gelu"}, False),
]
ELSEWHERE = {"n_layers", "init"}  # deeper models are refused; init draws weights and computes nothing


def config_of(family: ModelFamily) -> ModelConfig:
    return ModelConfig.of(family, family.resolve({"prime": P}))


def random_arrays(config: ModelConfig) -> dict[str, np.ndarray]:
    """Every tensor random, biases and scales included."""
    random = np.random.default_rng(7)
    return {name: (random.normal(size=shape) / 2).astype(np.float32) for name, shape in weight_shapes(config).items()}


def independent(config: ModelConfig, arrays: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Patterns and logits of every input in float64."""
    options = Options(**{field.name: getattr(config, field.name) for field in fields(Options)})
    rows = [patterns_and_logits(arrays, row, options=options) for row in all_inputs(P)]
    return np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows])


def test_every_field_and_every_value_that_it_may_name_is_among_the_cases() -> None:
    declared = {name for case, *_ in CASES for name in case}
    assert declared | ELSEWHERE == set(ArchitectureSpec.model_fields)
    for name in ("act_fn", "normalization", "attention_dir"):
        allowed = {value for part in _parts(ArchitectureSpec.model_fields[name].annotation) for value in get_args(part)}
        tried = {case[name] for case, *_ in CASES if name in case}
        assert allowed == tried | {getattr(ModelConfig, name)} - {None}, name


def _parts(annotation: Any) -> list[Any]:
    """The Literals of `Literal[...] | None`."""
    return [part for part in get_args(annotation) if get_args(part)] or [annotation]


@pytest.mark.parametrize(("architecture", "fast_logits"), CASES)
def test_what_is_declared_is_computed(small_family: Small, architecture: dict[str, Any], fast_logits: bool) -> None:
    config = config_of(small_family(**architecture))
    arrays = random_arrays(config)
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}
    patterns, logits = independent(config, arrays)
    chosen, plain = forward_for(config, weights, PROBE), BridgeForward(config, weights)
    assert isinstance(chosen, OneLayerForward) == fast_logits
    for forward in (chosen, plain):
        found = forward.logits(weights, forward.prepare(PROBE)).detach().numpy()
        np.testing.assert_allclose(found, logits, atol=3e-6 * np.abs(logits).max())
    capture, of_bridge = capture_for(config, PROBE.numpy(), KEYS), BridgeCapture(config, PROBE.numpy(), list(KEYS), "cpu")
    assert isinstance(capture, GridCapture)
    for way, error in ((capture, 1e-6 if config.is_plain_except(OF_NO_EFFECT) else 1e-7), (of_bridge, 1e-6)):
        np.testing.assert_allclose(np.asarray(way(arrays).cache["pattern", 0]), patterns, atol=error)


def test_a_wrong_direction_or_scale_would_be_seen(small_family: Small) -> None:
    plain = config_of(small_family())
    arrays = random_arrays(plain)
    patterns = independent(plain, arrays)[0]
    for change in ({"attention_dir": "bidirectional"}, {"use_attn_scale": False}, {"attn_scale": 0.7}):
        assert np.abs(independent(replace(plain, **change), arrays)[0] - patterns).max() > 0.05, change


@pytest.mark.parametrize("normalization", [None, "LN", "LNPre", "RMS", "RMSPre"])
@pytest.mark.parametrize("direction", ["causal", "bidirectional"])
def test_large_scores_stay_exact(small_family: Small, normalization: str | None, direction: str) -> None:
    """Without a scale scores of float32 weights reach hundreds, where float32 is wrong in the fifth digit."""
    family = small_family(use_attn_scale=False, normalization=normalization, attention_dir=direction)
    config = config_of(family)
    arrays = random_arrays(config)
    for kind in "QK":
        arrays[f"blocks.0.attn.W_{kind}"] *= 4
    expected = independent(config, arrays)[0].reshape(P, P, 2, 3, 3).transpose(2, 3, 4, 0, 1)
    np.testing.assert_allclose(grid_patterns(arrays, P, config), expected, atol=1e-7)
    doubles = {name: array.astype(np.float64) for name, array in arrays.items()}
    np.testing.assert_allclose(grid_patterns(doubles, P, config), expected, atol=1e-12)


@dataclass(frozen=True)
class Later(ModelConfig):
    """A configuration with a field that the fast ways have never heard of."""

    soft_cap: float = 0.0


def test_a_field_that_a_fast_way_does_not_know_is_refused(small_family: Small) -> None:
    known = vars(config_of(small_family()))
    for config, is_covered in ((Later(**known), True), (Later(**known, soft_cap=30.0), False)):
        assert covers(config, PROBE) == is_covered
        assert covers_grid(config, PROBE.numpy()) == is_covered
    assert set(SIZES) == {field.name for field in fields(ModelConfig) if field.name not in vars(ModelConfig)}


@pytest.mark.parametrize(
    ("architecture", "message"),
    [
        ({"attention_dir": "both"}, "attention_dir: .*'causal' or 'bidirectional' .value 'both'"),
        ({"use_attn_scale": 0}, "use_attn_scale: .*boolean .value 0"),
        ({"attn_scale": 0}, "attn_scale: .*greater than 0"),
        ({"attn_scale": float("inf")}, "attn_scale: .*finite"),
        ({"attn_scale": 2.0, "use_attn_scale": False}, "attn_scale has no effect if use_attn_scale is false"),
        ({"eps": 1e-6}, "eps has no effect if normalization is null"),
        ({"act_fn": "solu_ln"}, "act_fn solu_ln needs normalization LN"),
        ({"normalization": "rms"}, "normalization: .*'LN', 'LNPre', 'RMS' or 'RMSPre'"),
    ],
)
def test_what_cannot_be_or_would_do_nothing_is_refused(small_family: Small, architecture: dict[str, Any], message: str) -> None:
    with pytest.raises(BrokenFamilyError, match=message):
        small_family(**architecture)


@pytest.mark.parametrize(
    "architecture",
    [
        {"attention_dir": "bidirectional", "use_attn_scale": False},
        {"normalization": "LNPre", "act_fn": "gelu_new"},
        {"normalization": "LN", "act_fn": "solu_ln", "attention_dir": "bidirectional"},
        {"normalization": "RMS", "train_biases": True},
    ],
)
def test_such_a_family_is_trained_and_analysed_as_declared(
    small_family: Small, architecture: dict[str, Any], tmp_path: Any
) -> None:
    variant = small_family(**architecture).variant(prime=P, train_fraction=0.6, results=tmp_path)
    variant.train(epochs=3, checkpoint_epochs=[0, 3], progress=Silent())
    config = ModelConfig.of(variant.family, variant.settings)
    for epoch in variant.epochs:
        arrays = variant.checkpoint(epoch).weights
        assert {name: array.shape for name, array in arrays.items()} == weight_shapes(config)
        expected, logits = independent(config, arrays)
        found = variant.patterns(epoch)
        np.testing.assert_allclose(found.transpose(3, 4, 0, 1, 2).reshape(P * P, *found.shape[:3]), expected, atol=1e-6)
        labels, split = variant.family.task.labels(variant.settings), variant.family.task.split(variant.settings)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        if epoch:
            test_loss = -logits[split.test, labels[split.test]].mean()
            assert variant.losses.test[epoch - 1] == pytest.approx(test_loss, rel=1e-5)
        else:
            assert variant.losses.train[0] == pytest.approx(-logits[split.train, labels[split.train]].mean(), rel=1e-5)
    first, last = (variant.checkpoint(epoch).weights for epoch in (0, 3))
    still = {name for name in first if np.array_equal(first[name], last[name])}
    trains_biases = variant.family.spec.architecture.train_biases
    assert still == {name for name in first if is_bias(name) and not trains_biases}


def test_a_variant_says_what_is_not_the_default_and_no_more(small_family: Small, tmp_path: Any) -> None:
    old_keys = {"task", "n_layers", "n_heads", "d_model", "d_head", "d_mlp", "act_fn", "normalization", "init", "train_biases"}
    assert Variant(small_family(), {}, tmp_path).model.keys() == old_keys
    found = Variant(small_family(attention_dir="bidirectional", use_attn_scale=True), {}, tmp_path).model
    assert found.keys() == old_keys | {"attention_dir"}
