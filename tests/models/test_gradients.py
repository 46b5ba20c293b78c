"""Gradients written by hand against autograd through a direct forward pass, in float64, tensor by tensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from headlapse.models import activations, weighted_table_sum
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.models.one_layer import OneLayerForward
from headlapse.models.weighted_table_sum import Pairs
from headlapse.models.whole_columns import padded_gradient

P, INPUTS = 7, 30
SIZES = {"n_heads": 3, "d_model": 10, "d_head": 4, "d_mlp": 17, "d_vocab": 9, "d_vocab_out": 6, "n_ctx": 3}
ATTENTION, MLP = "blocks.0.attn.", "blocks.0.mlp."
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": lambda read: read.clamp(min=0),
    "gelu": F.gelu,
    "gelu_new": lambda read: F.gelu(read, approximate="tanh"),
    "silu": lambda read: read * read.sigmoid(),
    "solu": lambda read: read * read.softmax(dim=-1),
}
OPTIONS: list[dict[str, Any]] = [
    *({"act_fn": act_fn} for act_fn in ACTIVATIONS),
    {"use_attn_scale": False},
    {"attn_scale": 0.7, "attention_dir": "bidirectional"},
]


def weights_of(config: ModelConfig, seed: int, dtype: torch.dtype = torch.float64) -> dict[str, Tensor]:
    """Every tensor random, biases included."""
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn(shape, generator=generator, dtype=dtype) / 2 for name, shape in weight_shapes(config).items()}


def inputs_of(seed: int) -> Tensor:
    """Pairs in no particular order, one of them twice; the last token is not the last of the vocabulary."""
    rows = torch.randperm(P * P, generator=torch.Generator().manual_seed(seed))[:INPUTS]
    rows = torch.cat([rows, rows[:1]])
    return torch.stack([rows // P, rows % P, torch.full_like(rows, P)], dim=1)


def directly(weights: Mapping[str, Tensor], tokens: Tensor, config: ModelConfig) -> Tensor:
    """Logits at the last position, as a textbook has them."""
    x = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"]
    q, k, v = (
        torch.einsum("nid,hdk->nhik", x, weights[f"{ATTENTION}W_{each}"]) + weights[f"{ATTENTION}b_{each}"][:, None]
        for each in "QKV"
    )
    pattern = (torch.einsum("nhk,nhik->nhi", q[:, :, -1], k) / config.score_divisor).softmax(dim=-1)
    z = torch.einsum("nhi,nhik->nhk", pattern, v)
    mid = x[:, -1] + torch.einsum("nhk,hkd->nd", z, weights[f"{ATTENTION}W_O"]) + weights[f"{ATTENTION}b_O"]
    hidden = ACTIVATIONS[config.act_fn](mid @ weights[f"{MLP}W_in"] + weights[f"{MLP}b_in"])
    out = mid + hidden @ weights[f"{MLP}W_out"] + weights[f"{MLP}b_out"]
    return out @ weights["unembed.W_U"] + weights["unembed.b_U"]


def by_autograd(weights: Mapping[str, Tensor], tokens: Tensor, config: ModelConfig, grad: Tensor) -> dict[str, Tensor]:
    leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
    return dict(zip(leaves, torch.autograd.grad(directly(leaves, tokens, config), list(leaves.values()), grad), strict=True))


def by_hand(forward: OneLayerForward, weights: Mapping[str, Tensor], tokens: list[Tensor], grad: Tensor) -> dict[str, Tensor]:
    inputs = forward.prepare_models(tokens)
    tables = forward.fold(weights, inputs)
    logits, kept = forward.run(tables, inputs)
    torch.testing.assert_close(forward.answer(tables, inputs), logits)
    return forward.gradients(padded_gradient(grad), kept, tables, inputs, weights)


def assert_equal(found: Mapping[str, Tensor], expected: Mapping[str, Tensor], relative: float) -> None:
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        scale = 1.0 if name.endswith("b_K") else tensor.abs().max().item()  # a softmax ignores b_K
        torch.testing.assert_close(
            found[name], tensor, rtol=0, atol=relative * scale, msg=lambda text, name=name: f"{name}: {text}"
        )


@pytest.mark.parametrize("options", OPTIONS)
def test_every_gradient_is_that_of_autograd_for_several_models_at_once(options: dict[str, Any]) -> None:
    """Each with weights and inputs of its own."""
    config = ModelConfig(**SIZES, **options)
    models, tokens = [weights_of(config, seed) for seed in range(3)], [inputs_of(seed) for seed in range(3)]
    grad = torch.randn(3, INPUTS + 1, SIZES["d_vocab_out"], dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    joined = {name: torch.stack([weights[name] for weights in models]) for name in models[0]}
    found = by_hand(OneLayerForward(config), joined, tokens, grad)
    for number, weights in enumerate(models):
        expected = by_autograd(weights, tokens[number], config, grad[number])
        assert_equal({name: tensor[number] for name, tensor in found.items()}, expected, relative=1e-12)
        assert (found[f"{ATTENTION}b_K"][number] == 0).all()


def test_float32_is_float64_rounded() -> None:
    config = ModelConfig(**SIZES)
    weights, tokens = weights_of(config, 0, torch.float32), inputs_of(0)
    grad = torch.randn(1, INPUTS + 1, SIZES["d_vocab_out"], generator=torch.Generator().manual_seed(9))
    found = by_hand(OneLayerForward(config), {name: weight[None] for name, weight in weights.items()}, [tokens], grad)
    exact = by_autograd({name: weight.double() for name, weight in weights.items()}, tokens, config, grad[0].double())
    assert_equal({name: tensor[0].double() for name, tensor in found.items()}, exact, relative=2e-6)


def test_without_the_private_operator_a_relu_goes_back_by_autograd(monkeypatch: pytest.MonkeyPatch) -> None:
    read, grad = torch.randn(2, 5, 7), torch.randn(2, 5, 7)
    expected = grad * (read > 0)
    for lacks in (False, True):
        if lacks:
            monkeypatch.setattr(torch.ops, "aten", object())
        assert (activations._relu_backward() is None) == lacks
        written, before = activations.activated("relu", read.clone())
        assert torch.equal(written, read.clamp(min=0)) and torch.equal(before(grad.clone()), expected)


@pytest.mark.parametrize("n_models", [1, 3])
def test_without_the_private_operator_shares_go_back_by_autograd(monkeypatch: pytest.MonkeyPatch, n_models: int) -> None:
    config = ModelConfig(**SIZES)
    pairs = Pairs.of(torch.stack([inputs_of(seed) for seed in range(n_models)]), config.d_vocab, config.n_heads)
    generator = torch.Generator().manual_seed(3)
    table = torch.randn(n_models * (2 * config.d_vocab * config.n_heads + 1), 5, generator=generator)
    shares = torch.rand(pairs.mixed.shape, generator=generator)
    grad = torch.randn(len(pairs.mixed), 5, generator=generator)
    exact = torch.einsum("id,iud->iu", grad.double(), table.double()[pairs.mixed.long()])[:, :-1]
    exact = rearrange(exact, "input (seen head) -> (seen input head)", seen=2)
    answers = []
    for lacks in (False, True):
        if lacks:
            monkeypatch.setattr(torch.ops, "aten", object())
        assert (weighted_table_sum._shares_backward() is None) == lacks
        found, before = weighted_table_sum.mixed(table, shares, pairs)
        answers.append((found, before(grad)))
        assert torch.allclose(answers[-1][1].double(), exact, rtol=1e-5, atol=1e-5)
    assert all(map(torch.equal, *answers)), "it is the same computation"
