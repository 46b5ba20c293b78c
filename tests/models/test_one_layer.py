"""The fast forward against an independent float64 computation, against TransformerLens, and on trained weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from headlapse.models.bridge import BridgeForward
from headlapse.models.config import ModelConfig
from headlapse.models.forward import forward_for
from headlapse.models.layered import LayeredForward
from headlapse.models.layouts import is_bias, weight_shapes
from headlapse.models.one_layer import OneLayerForward, covers
from headlapse.models.weighted_table_sum import Pairs
from headlapse.workbench import ModelFamily, Variant
from tests.models.numpy_transformer import SHAPES, Shape, all_inputs, patterns_and_logits, random_weights


def config_of(shape: Shape, act_fn: str = "relu") -> ModelConfig:
    sizes = {"n_heads": shape.n_heads, "d_model": shape.d_model, "d_head": shape.d_head, "d_mlp": shape.d_mlp}
    vocabulary = {"d_vocab": shape.p + 1, "d_vocab_out": shape.p, "n_ctx": 3}
    return ModelConfig(n_layers=1, act_fn=act_fn, normalization=None, **sizes, **vocabulary)


def logits_of(config: ModelConfig, weights: dict[str, Tensor], tokens: Tensor) -> Tensor:
    forward = OneLayerForward(config)
    return forward.logits(weights, forward.prepare(tokens))


def as_tensors(weights: dict[str, np.ndarray], requires_grad: bool = False) -> dict[str, Tensor]:
    return {name: torch.tensor(array, requires_grad=requires_grad) for name, array in weights.items()}


def some_inputs(p: int, count: int = 20) -> Tensor:
    """Some pairs in no particular order, one of them twice."""
    order = np.random.default_rng(1).permutation(p * p)[:count]
    return torch.tensor(all_inputs(p)[[*order, order[0]]])


@pytest.mark.parametrize("act_fn", ["relu", "gelu"])
@pytest.mark.parametrize("shape", SHAPES)
def test_logits_equal_an_independent_float64_computation(shape: Shape, act_fn: str) -> None:
    weights = random_weights(shape)
    inputs = some_inputs(shape.p)
    expected = [patterns_and_logits(weights, row, act_fn)[1] for row in inputs.numpy()]
    logits = logits_of(config_of(shape, act_fn), as_tensors(weights), inputs)
    np.testing.assert_allclose(logits.numpy(), np.stack(expected), atol=1e-12)


def test_float32_agrees_to_rounding() -> None:
    shape = Shape(13, 4, 128, 32, 512)
    weights = random_weights(shape, dtype=np.float32)
    inputs = some_inputs(shape.p)
    logits = logits_of(config_of(shape), as_tensors(weights), inputs)
    expected = np.stack([patterns_and_logits(weights, row)[1] for row in inputs.numpy()])
    assert logits.dtype == torch.float32
    np.testing.assert_allclose(logits.numpy(), expected, atol=3e-6 * np.abs(expected).max())


@pytest.mark.parametrize("act_fn", ["relu", "gelu"])
def test_gradients_of_every_tensor_equal_finite_differences(act_fn: str) -> None:
    shape = Shape(3, 2, 4, 3, 5)
    weights = as_tensors(random_weights(shape), requires_grad=True)
    inputs = some_inputs(3, count=7)

    def logits(*tensors: Tensor) -> Tensor:
        return logits_of(config_of(shape, act_fn), dict(zip(weights, tensors, strict=True)), inputs)

    assert torch.autograd.gradcheck(logits, tuple(weights.values()))


@pytest.mark.parametrize("architecture", [{}, {"n_heads": 8, "d_head": 3}, {"d_model": 24, "act_fn": "gelu"}])
@pytest.mark.parametrize("prime", [5, 31])
def test_values_and_gradients_equal_those_of_the_bridge(
    small_family: Callable[..., ModelFamily], architecture: dict[str, object], prime: int
) -> None:
    family = small_family(**architecture)
    config = ModelConfig.of(family, family.resolve({"prime": prime}))
    generator = torch.Generator().manual_seed(3)
    weights = {
        name: (torch.randn(shape, generator=generator) / 3).requires_grad_() for name, shape in weight_shapes(config).items()
    }
    assert_equals_the_bridge(config, weights, some_inputs(prime))


def test_trained_weights_give_the_logits_of_the_bridge(trained: Variant) -> None:
    config = ModelConfig.of(trained.family, trained.settings)
    arrays = trained.checkpoint(trained.epochs[-1]).weights
    probe = torch.from_numpy(trained.family.probe(trained.settings))
    assert_equals_the_bridge(config, as_tensors(arrays, requires_grad=True), probe)


def assert_equals_the_bridge(config: ModelConfig, weights: dict[str, Tensor], tokens: Tensor) -> None:
    """Both to a few roundings of the largest number; b_K has no gradient but rounding, since a softmax ignores it."""
    results = []
    for logits in (BridgeForward(config, weights).logits(weights, tokens), logits_of(config, weights, tokens)):
        gradients = torch.autograd.grad(logits.square().mean(), list(weights.values()))
        results.append({"logits": logits} | dict(zip(weights, gradients, strict=True)))
    expected, found = results
    largest = max(tensor.abs().max().item() for tensor in expected.values())
    for name, tensor in expected.items():
        scale = largest if name.endswith("b_K") else tensor.abs().max().item()
        np.testing.assert_allclose(found[name].detach(), tensor.detach(), rtol=0, atol=5e-6 * scale, err_msg=name)


def test_the_published_trained_model_answers_every_pair(reference: Path) -> None:
    """Progress measures for grokking (Nanda et al., 2023): trained weights, trained MLP biases, another layout."""
    weights = published_weights(reference)
    config = config_of(Shape(113, 4, 128, 32, 512))
    inputs = torch.tensor(all_inputs(113))
    logits = logits_of(config, weights, inputs)[:, :113]
    assert torch.equal(logits.argmax(dim=-1), inputs[:, :2].sum(dim=1) % 113)


def published_weights(reference: Path) -> dict[str, Tensor]:
    theirs = torch.load(reference / "nanda" / "mod_addition_no_wd.pth", map_location="cpu", weights_only=True)["model"]
    attention = {f"blocks.0.attn.W_{kind}": theirs[f"blocks.0.attn.W_{kind}"].mT for kind in "QKV"}
    w_o = theirs["blocks.0.attn.W_O"]
    return attention | {
        **{f"blocks.0.attn.b_{kind}": torch.zeros(4, 32) for kind in "QKV"},
        "blocks.0.attn.W_O": w_o.T.reshape(4, 32, 128),
        "blocks.0.attn.b_O": torch.zeros(128),
        "blocks.0.mlp.W_in": theirs["blocks.0.mlp.W_in"].T,
        "blocks.0.mlp.b_in": theirs["blocks.0.mlp.b_in"],
        "blocks.0.mlp.W_out": theirs["blocks.0.mlp.W_out"].T,
        "blocks.0.mlp.b_out": theirs["blocks.0.mlp.b_out"],
        "embed.W_E": theirs["embed.W_E"].T,
        "pos_embed.W_pos": theirs["pos_embed.W_pos"],
        "unembed.W_U": theirs["unembed.W_U"],
        "unembed.b_U": torch.zeros(theirs["unembed.W_U"].shape[1]),
    }


def test_every_tensor_gets_a_gradient_so_that_weight_decay_reaches_it() -> None:
    weights = as_tensors(random_weights(SHAPES[0]), requires_grad=True)
    logits_of(config_of(SHAPES[0]), weights, some_inputs(5)).sum().backward()
    assert [name for name, tensor in weights.items() if tensor.grad is None] == []


def test_swapping_a_and_b_would_be_seen() -> None:
    weights = as_tensors(random_weights(SHAPES[0]))
    inputs = some_inputs(5)
    config = config_of(SHAPES[0])
    assert not torch.allclose(logits_of(config, weights, inputs), logits_of(config, weights, inputs[:, [1, 0, 2]]))


def test_tables_grow_with_tokens_and_not_with_inputs() -> None:
    pairs = Pairs.of(torch.tensor(all_inputs(7))[None], d_vocab=8, n_heads=2)
    assert len(pairs) == 49
    assert len(pairs.first_use) == 2 * 8 * 2 + 1
    assert len(pairs.uses_by_row) == 49 * 2 * 2


def test_each_model_takes_the_fastest_forward_that_covers_it(small_family: Callable[..., ModelFamily]) -> None:
    probe = torch.tensor(all_inputs(5))
    for architecture, expected in [
        ({}, OneLayerForward),
        ({"n_layers": 2}, LayeredForward),
        ({"normalization": "LN"}, LayeredForward),
        ({"normalization": "LN", "act_fn": "solu_ln"}, BridgeForward),
    ]:
        family = small_family(**architecture)
        config = ModelConfig.of(family, family.resolve({"prime": 5}))
        weights = {name: torch.zeros(shape) for name, shape in weight_shapes(config).items()}
        assert isinstance(forward_for(config, weights, probe), expected)
        forward = forward_for(config, weights, probe, anywhere=True)
        assert isinstance(forward, BridgeForward if expected is BridgeForward else LayeredForward)
    assert not covers(config_of(SHAPES[0]), probe[:, [2, 1, 0]])


def test_biases_that_are_frozen_get_no_gradient() -> None:
    weights = as_tensors(random_weights(SHAPES[0]))
    for name, tensor in weights.items():
        tensor.requires_grad_(not is_bias(name))
    logits_of(config_of(SHAPES[0]), weights, some_inputs(5)).sum().backward()
    assert {name for name, tensor in weights.items() if tensor.grad is None} == {name for name in weights if is_bias(name)}
