"""Attention is seen however a model computes it, and equals what the model states of itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention.bias import causal_lower_right, causal_upper_left

from headlapse.errors import InvalidValueError
from headlapse.recording.capture import weights_of
from headlapse.recording.layers import Layer, Shape, chosen_layers, in_words, layers_of
from headlapse.recording.sources import computed, source_of
from headlapse.recording.untouched import untouched
from tests.recording.models import (
    HEADS,
    LAYERS,
    POSITIONS,
    ROWS,
    TOKENS,
    WAYS,
    WIDTH,
    Attention,
    Kind,
    TorchEncoder,
    tokens,
    torch_encoder,
    transformer,
)

KINDS = {**{how: lambda how=how: transformer(how) for how in WAYS}, "encoder": torch_encoder}


def seen_in(kind: Kind) -> list:
    with untouched(kind.model):
        return computed(kind.model, kind.probe, ROWS)


@pytest.mark.parametrize("name", KINDS)
def test_the_weights_are_those_of_the_model(name: str) -> None:
    kind = KINDS[name]()
    seen, own = seen_in(kind), kind.own(kind.model, kind.probe)
    assert len(seen) == len(own) == LAYERS
    compared = 1 if name == "dropout at evaluation" else LAYERS  # behind its first layer that model sees random numbers
    for layer, expected in list(zip(seen, own, strict=True))[:compared]:
        assert layer.weights.shape == expected.shape == (ROWS, HEADS, POSITIONS, POSITIONS)
        torch.testing.assert_close(layer.weights, expected, rtol=0, atol=1e-6)
    assert in_words(layers_of(seen)) == f"2 layers \u00d7 3 heads, {kind.how}; positions 5"


def test_without_dropout_two_captures_agree_where_a_model_drops_at_evaluation() -> None:
    kind = transformer("dropout at evaluation")
    for one, other in zip(seen_in(kind), seen_in(kind), strict=True):
        torch.testing.assert_close(one.weights, other.weights, rtol=0, atol=0)


def test_a_softmax_that_multiplies_nothing_is_no_attention() -> None:
    class Gated(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            gates = F.softmax(x[:, None] * x[:, :, None], dim=-1)
            return (gates * gates).sum() + F.softmax(x, dim=-1).sum() + x.softmax(0).sum()

    with pytest.raises(
        Exception,
        match=r"found in Gated; not read as attention: 3 softmaxes or products of scores \(in the model\); a ",
    ):
        computed(Gated(), torch.rand(4, 5, 5), 4)


def test_experts_that_are_mixed_are_no_attention() -> None:
    class Mixture(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.experts = nn.Parameter(torch.rand(5, 3))

        def forward(self, x: Tensor) -> Tensor:
            return F.softmax(x, dim=-1) @ self.experts

    with pytest.raises(Exception, match="no attention was found in Mixture"):
        computed(Mixture(), torch.rand(4, 5, 5), 4)


def test_padding_leaves_rows_of_zeros_and_no_nan() -> None:
    q, k = (torch.randn(2, HEADS, 4, 6, generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))
    mask = torch.ones(2, 1, 4, 4, dtype=torch.bool)
    mask[1] = False

    class Masked(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.scaled_dot_product_attention(x, k, k, attn_mask=mask)

    (layer,) = computed(Masked(), q, 2)
    assert (layer.weights[1] == 0).all()
    torch.testing.assert_close(layer.weights[0].sum(dim=-1), torch.ones(HEADS, 4))


def test_an_encoder_with_padding_is_seen_although_it_would_take_a_fast_path() -> None:
    torch.manual_seed(0)
    model = TorchEncoder()
    padding = torch.zeros(ROWS, POSITIONS, dtype=torch.bool)
    padding[:, -2:] = True
    with untouched(model):
        seen = computed(model, {"tokens": tokens(), "padding": padding}, ROWS)
    assert all((layer.weights[..., -2:] == 0).all() and layer.weights.isfinite().all() for layer in seen)


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("to", [3, 5])
def test_the_function_applies_the_weights_that_are_computed_beside_it(to: int, is_causal: bool) -> None:
    generator = torch.Generator().manual_seed(3)
    q, k, v = (torch.randn(2, 4, size, 6, generator=generator, dtype=torch.float64) for size in (to, 5, 5))
    mask = torch.randn(2, 1, to, 5, generator=generator, dtype=torch.float64)
    for options in ({"is_causal": is_causal}, {"attn_mask": mask, "scale": 0.3}, {"attn_mask": mask > -1}):
        expected = F.scaled_dot_product_attention(q, k, v, **options)
        torch.testing.assert_close(weights_of(q, k, v, **options) @ v, expected)
    grouped = F.scaled_dot_product_attention(q, k[:, :2], v[:, :2], enable_gqa=True)
    torch.testing.assert_close(weights_of(q, k[:, :2], v, enable_gqa=True) @ v[:, :2].repeat_interleave(2, 1), grouped)


class MaskOfItsOwn(Tensor):
    pass


class WithMask(nn.Module):
    def __init__(self, mask: Tensor) -> None:
        super().__init__()
        self.mask = mask

    def forward(self, x: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(x, x[..., :4, :], x[..., :4, :], attn_mask=self.mask)


@pytest.mark.parametrize(("mask", "diagonal"), [(causal_lower_right(3, 4), 1), (causal_upper_left(3, 4), 0)])
def test_a_causal_mask_of_torch_is_read_as_torch_applies_it(mask: Tensor, diagonal: int) -> None:
    x = torch.randn(2, HEADS, 3, 6, generator=torch.Generator().manual_seed(4))
    keys = F.pad(x, (0, 0, 0, 1), value=0.5)
    allowed = torch.ones(3, 4, dtype=torch.bool).tril(diagonal)
    expected = weights_of(x, keys, keys, attn_mask=allowed)
    torch.testing.assert_close(weights_of(x, keys, keys, attn_mask=mask), expected, rtol=0, atol=0)
    torch.testing.assert_close(F.scaled_dot_product_attention(x, keys, keys, attn_mask=mask), expected @ keys)


def test_a_mask_that_is_no_plain_tensor_is_refused() -> None:
    mask = torch.ones(4, 4, dtype=torch.bool).tril().as_subclass(MaskOfItsOwn)
    with pytest.raises(InvalidValueError, match="an attention mask of type MaskOfItsOwn cannot be read"):
        computed(WithMask(mask), torch.rand(2, HEADS, 4, 6), 2)


@pytest.mark.parametrize("make", [causal_lower_right, causal_upper_left])
def test_a_model_with_a_causal_mask_of_torch_is_seen(make: Any) -> None:
    (layer,) = computed(WithMask(make(4, 4)), torch.rand(2, HEADS, 4, 6), 2)
    assert (layer.weights.triu(1) == 0).all()
    torch.testing.assert_close(layer.weights.sum(dim=-1), torch.ones(2, HEADS, 4))


def test_self_is_told_from_cross_attention_also_where_sizes_agree() -> None:
    class Decoder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(TOKENS, WIDTH)
            self.own, self.across = Attention("by hand"), Attention("mask")

        def forward(self, one: Tensor, other: Tensor) -> Tensor:
            x, context = self.embed(one), self.embed(other)
            return self.across(self.own(x), context=context)

    with untouched(model := Decoder()):
        found = layers_of(computed(model, (tokens(0), tokens(1)), ROWS))
    assert [(layer.name, layer.shape.kind) for layer in found] == [("own", "self"), ("across", "cross")]
    assert [layer.place for layer in chosen_layers(found, None)] == [0]
    assert [layer.place for layer in chosen_layers(found, [1])] == [1]
    with pytest.raises(Exception, match="layers must share one kind"):
        chosen_layers(found, [0, 1])


def test_torch_transformer_has_three_kinds_and_asks_which() -> None:
    torch.manual_seed(0)
    model = nn.Transformer(WIDTH, 2, 1, 2, 16, batch_first=True)
    inputs = (torch.rand(ROWS, 6, WIDTH), torch.rand(ROWS, 4, WIDTH))
    with untouched(model):
        found = layers_of(computed(model, inputs, ROWS))
    assert [(layer.shape.kind, layer.shape.to, layer.shape.from_) for layer in found] == [
        ("self", 6, 6),
        *[("self", 4, 4), ("cross", 4, 6)] * 2,
    ]
    with pytest.raises(Exception, match=r"several kinds of attention: 1 layer .* \(layers=\[0\]\).*choose by layers="):
        chosen_layers(found, None)
    assert [layer.place for layer in chosen_layers(found, [2, 4])] == [2, 4]


def test_layers_may_differ_in_heads() -> None:
    found = [Layer(place, "softmax", "", heads, Shape("self", 5, 5)) for place, heads in enumerate((3, 3, 2))]
    assert in_words(found) == "3 layers of 2 \u00d7 3, 1 \u00d7 2 heads, softmax; positions 5"


def test_a_function_or_names_of_modules_give_what_torch_does_not_see() -> None:
    kind = transformer("by hand")
    own = torch.stack(kind.own(kind.model, kind.probe))
    by_function = source_of(lambda model, inputs: own)(kind.model, kind.probe, ROWS)
    names = [f"layers.{layer}.pattern" for layer in range(LAYERS)]
    with untouched(kind.model):
        by_name = source_of(names)(kind.model, kind.probe, ROWS)
    for layer, expected in enumerate(own):
        torch.testing.assert_close(by_function[layer].weights, expected, rtol=0, atol=0)
        torch.testing.assert_close(by_name[layer].weights, expected, rtol=0, atol=0)
    assert not any(module._forward_hooks for module in kind.model.modules())


@pytest.mark.parametrize(
    ("attention", "words"),
    [
        (
            lambda model, inputs: torch.full((1, ROWS, 2, 3, 3), 0.5),
            r"shares \(7, heads, to, from\).*; it has rows that sum to 1\.5$",
        ),
        (lambda model, inputs: torch.rand(1, ROWS + 1, 2, 3, 3) / 9, r"; it has the shape \(8, 2, 3, 3\)$"),
        (lambda model, inputs: -torch.ones(1, ROWS, 2, 3, 3), r"; it has negative numbers, down to -1$"),
        (lambda model, inputs: np.ones((1, ROWS, 2, 3, 3)), r"; it is not a tensor of floating-point numbers, but ndarray$"),
        (["nothing"], "unknown module 'nothing'; known: [^,]"),
        (7, "attention must be a function, or a list of the names of modules, got 7"),
        ("layers.0", "attention must be a function, or a list of the names of modules, got 'layers.0'"),
        (lambda model, inputs: 7, r"the function attention= must return one or more layers of shares \(7, heads, .*, got 7$"),
        (lambda model, inputs: [], r"the function attention= must return one or more layers of .*, got \[\]$"),
        ([], "attention is empty"),
    ],
)
def test_what_is_no_attention_is_refused(attention: object, words: str) -> None:
    kind = transformer("by hand")
    with pytest.raises(Exception, match=words):
        source_of(attention)(kind.model, kind.probe, ROWS)


def test_every_call_of_a_named_module_is_a_layer() -> None:
    class Repeating(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts, self.pattern = nn.Linear(4, 4), nn.Identity()

        def forward(self, x: Tensor) -> Tensor:
            for _ in range(3):
                x = self.pattern(torch.softmax(self.parts(x) @ x.mT, -1)) @ x
            return x

    made, own = Repeating(), []
    made.pattern.register_forward_hook(lambda *call: own.append(call[-1]))
    found = source_of(["pattern"])(made, torch.rand(ROWS, 5, 4), ROWS)
    assert len(found) == 3
    for layer, weights in zip(found, own, strict=True):
        torch.testing.assert_close(layer.weights[:, 0], weights, rtol=0, atol=0)
