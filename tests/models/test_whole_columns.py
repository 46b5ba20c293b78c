"""Padded logits lose and gain nothing: what is added has probability 0."""

from __future__ import annotations

import pytest
import torch

from headlapse.models.config import ModelConfig
from headlapse.models.one_layer import OneLayerForward
from headlapse.models.whole_columns import VECTOR, padded_gradient, padded_unembedding, whole, without_added
from headlapse.training.cross_entropy import losses_and_gradient
from tests.models.test_gradients import SIZES, by_autograd, directly, inputs_of, weights_of


@pytest.mark.parametrize("columns", range(1, 3 * VECTOR))
def test_no_more_is_added_than_needed(columns: int) -> None:
    assert whole(columns) % VECTOR == 0 and 0 <= whole(columns) - columns < VECTOR


@pytest.mark.parametrize("d_vocab_out", [6, 8, 13])
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_loss_and_gradients_are_those_of_the_logits_alone(d_vocab_out: int, scale: float) -> None:
    """Also where all logits are large and negative: the added ones are lower still."""
    config = ModelConfig(**{**SIZES, "d_vocab_out": d_vocab_out})
    weights, tokens = weights_of(config, 4), inputs_of(4)
    weights["unembed.b_U"] -= scale
    labels = torch.arange(len(tokens)) * 5 % d_vocab_out
    joined, forward = {name: weight[None] for name, weight in weights.items()}, OneLayerForward(config)
    inputs = forward.prepare(tokens)
    tables = forward.fold(joined, inputs)
    logits, kept = forward.run(tables, inputs)
    losses, grad = losses_and_gradient(logits, labels[None])
    assert (grad[..., d_vocab_out:] == 0).all(), "to the last bit"

    alone = directly(weights, tokens, config).requires_grad_()
    expected = torch.nn.functional.cross_entropy(alone, labels)
    expected.backward()
    torch.testing.assert_close(losses[0], expected.detach(), rtol=1e-12, atol=1e-13)
    found = forward.gradients(grad, kept, tables, inputs, joined)
    assert alone.grad is not None
    assert all(tensor.is_contiguous() for tensor in found.values()), "AdamW reads them in the order in memory"
    for name, tensor in by_autograd(weights, tokens, config, alone.grad).items():
        torch.testing.assert_close(found[name][0], tensor, rtol=1e-9, atol=1e-11)


def test_what_is_added_is_taken_away_again() -> None:
    weights = weights_of(ModelConfig(**SIZES), 5)
    kept = without_added(padded_unembedding(weights), SIZES["d_vocab_out"])
    assert all(torch.equal(kept[name], weight) for name, weight in weights.items())
    grad = torch.randn(3, SIZES["d_vocab_out"])
    assert torch.equal(padded_gradient(grad)[:, : SIZES["d_vocab_out"]], grad) and (padded_gradient(grad)[:, 6:] == 0).all()
