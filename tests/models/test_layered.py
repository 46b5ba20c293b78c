"""The direct forward pass beside TransformerLens, and rows that are computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from headlapse.models.bridge import BridgeForward
from headlapse.models.config import ModelConfig
from headlapse.models.distinct_rows import DistinctPairs, Rows
from headlapse.models.layered import Counted, LayeredForward
from headlapse.models.layouts import weight_shapes

Inputs = Callable[[LayeredForward, Tensor], Counted]
POSITIONS = 5


def some(_forward: LayeredForward, tokens: Tensor) -> Counted:
    return Counted(tokens, torch.rand(tokens.shape, generator=torch.Generator().manual_seed(2)) < 0.4)


def last_of_many(forward: LayeredForward, tokens: Tensor) -> Counted:
    inputs = forward.prepare(tokens)
    assert inputs.distinct is not None
    return inputs


def last_of_few(forward: LayeredForward, tokens: Tensor) -> Counted:
    inputs = forward.prepare(tokens[:4])
    assert inputs.distinct is None
    return inputs


@pytest.mark.parametrize("inputs_of", [some, last_of_many, last_of_few])
@pytest.mark.parametrize(
    ("d_mlp", "normalization"), [(7, None), (0, None), (7, "LN"), (0, "LN"), (7, "LNPre"), (7, "RMS"), (0, "RMSPre")]
)
@pytest.mark.parametrize(("layers", "direction"), [(1, "causal"), (2, "bidirectional"), (3, "causal")])
def test_logits_are_those_of_transformer_lens_in_values_and_gradients(
    inputs_of: Inputs, d_mlp: int, normalization: str | None, layers: int, direction: str
) -> None:
    shape = {"n_layers": layers, "attention_dir": direction, "normalization": normalization}
    config = ModelConfig(3, 10, 4, d_mlp, 9, 6, POSITIONS, act_fn="gelu", eps=0.03, attn_scale=1.7, **shape)
    weights = random_weights(config)
    tokens = torch.randint(9, (20, POSITIONS), generator=torch.Generator().manual_seed(3))
    inputs = inputs_of(LayeredForward(config), tokens)
    bridge = BridgeForward(config, {name: tensor.detach().float() for name, tensor in weights.items()})
    bridge.bridge.double()
    found = [forward.logits(weights, inputs) for forward in (LayeredForward(config), bridge)]
    close = {"rtol": 1e-5, "atol": 1e-5} if normalization == "RMS" else {}  # which the bridge computes in float32
    torch.testing.assert_close(found[0], found[1], **close)
    gradients = [torch.autograd.grad(logits.square().sum(), weights.values()) for logits in found]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-3)  # that of b_K is nothing but rounding


def random_weights(config: ModelConfig) -> Mapping[str, Tensor]:
    generator = torch.Generator().manual_seed(1)
    return {
        name: (0.5 * torch.randn(shape, generator=generator, dtype=torch.float64)).requires_grad_()
        for name, shape in weight_shapes(config).items()
    }


@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 30), st.integers(0, 2**31))
def test_rows_of_pairs_stand_where_their_tokens_do(vocabulary: int, positions: int, batch: int, seed: int) -> None:
    tokens = torch.randint(vocabulary, (batch, positions), generator=torch.Generator().manual_seed(seed))
    pairs = {(int(token), at) for row in tokens for at, token in enumerate(row)}
    found = DistinctPairs.of(tokens)
    assert (found is None) == (2 * len(pairs) > tokens.numel())
    if found is None:
        return
    assert set(zip(found.tokens.tolist(), found.positions.tolist(), strict=True)) == pairs
    assert len(found.tokens) == len(pairs)
    rows = Rows(torch.stack([10.0 * found.tokens, found.positions + 0.0], dim=1), found.places)
    expected = torch.stack([10.0 * tokens, torch.arange(positions).expand_as(tokens) + 0.0], dim=2)
    assert torch.equal(rows.spread(), expected)
    assert torch.equal(rows.map(torch.neg).at_last().spread(), -expected[:, -1:])
    assert torch.equal(Rows(expected).at_last().spread(), expected[:, -1:])
