"""The plain path against TransformerLens itself and against its own checkpoint converter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from transformer_lens.utilities.tl_checkpoint_conversion import convert_tl_checkpoint

from headlapse.models.bridge import BridgeForward, build_bridge, load_weights, run_with_cache
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import to_bridge_layout, weight_shapes
from headlapse.workbench import ModelFamily


@pytest.fixture(params=[{}, {"n_heads": 8, "d_head": 2}, {"n_layers": 2, "normalization": "LN", "act_fn": "gelu"}])
def config(request: pytest.FixtureRequest, small_family: Callable[..., ModelFamily]) -> ModelConfig:
    family = small_family(**request.param)
    return ModelConfig.of(family, family.resolve({"prime": 5}))


@pytest.fixture
def weights(config: ModelConfig) -> dict[str, Tensor]:
    """Every tensor random, biases included."""
    generator = torch.Generator().manual_seed(3)
    return {name: torch.randn(shape, generator=generator) for name, shape in weight_shapes(config).items()}


TOKENS = torch.tensor([[a, b, 5] for a in range(5) for b in range(5)])


def test_the_layout_is_that_of_transformer_lens(config: ModelConfig, weights: dict[str, Tensor]) -> None:
    ours = to_bridge_layout(weights)
    theirs = convert_tl_checkpoint(weights, build_bridge(config, weights).cfg)
    assert ours.keys() == theirs.keys()
    for name, tensor in theirs.items():
        assert torch.equal(ours[name], tensor), name


def test_the_forward_of_given_weights_is_that_of_a_bridge_holding_them(config: ModelConfig, weights: dict[str, Tensor]) -> None:
    others = {name: torch.zeros_like(tensor) for name, tensor in weights.items()}
    logits = BridgeForward(config, others).logits(weights, TOKENS)
    expected = build_bridge(config, weights)(TOKENS)[:, -1]
    torch.testing.assert_close(logits, expected, rtol=0, atol=5e-6 * expected.abs().max().item())


def test_every_weight_gets_a_gradient(config: ModelConfig, weights: dict[str, Tensor]) -> None:
    for tensor in weights.values():
        tensor.requires_grad_()
    BridgeForward(config, weights).logits(weights, TOKENS).square().sum().backward()
    for name, tensor in weights.items():
        assert (tensor.grad is not None and tensor.grad.abs().max() > 0) or name.endswith("b_K"), name


def test_weights_can_be_swapped(config: ModelConfig, weights: dict[str, Tensor]) -> None:
    bridge = build_bridge(config, {name: torch.zeros_like(tensor) for name, tensor in weights.items()})
    load_weights(bridge, weights)
    assert torch.equal(bridge(TOKENS), build_bridge(config, weights)(TOKENS))


def test_only_the_asked_activations_are_kept(config: ModelConfig, weights: dict[str, Tensor]) -> None:
    bridge = build_bridge(config, weights)
    cache = run_with_cache(bridge, TOKENS, [("pattern", 0)])
    assert list(cache.keys()) == ["blocks.0.attn.hook_pattern"]
    assert torch.equal(cache["pattern", 0], run_with_cache(bridge, TOKENS, None)["pattern", 0])
