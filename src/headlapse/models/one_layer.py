"""The exact fast forward of a one-layer transformer without normalization, on inputs `[a, b, =]`.

It computes what the TransformerLens bridge computes at the last position, from weights in `HookedTransformer`
names and shapes, and agrees with it to float rounding in values and gradients. With x_i the residual stream
before the block at position i, and sums over positions i and heads h:

    x_i     = W_E[token_i] + W_pos[i]
    A_h,i   = softmax over i of (x_end W_Q,h + b_Q,h) . (x_i W_K,h + b_K,h) / scale, which is sqrt(d_head) or declared
    mid     = x_end + sum_h sum_i A_h,i (x_i W_V,h + b_V,h) W_O,h + b_O
    logits  = (mid + act(mid W_in + b_in) W_out + b_out) W_U + b_U

What is left out, and why nothing changes:

1. Only the last position is read, so only its query, its attention row and its MLP are computed. It sees every position
   whether attention is causal or bidirectional.
2. Before the block a row depends only on token and position, and the last token is always `=`. All inputs share
   2 d_vocab + 1 distinct rows: scores and values are tables over those, not over inputs.
3. There is one query, so W_K is contracted with it first and a score is one dot product of length d_model.
4. The weights of a row sum to 1, so the value at `=` enters once for all, and an input mixes two differences.
   Everything that no input changes, biases included, is one constant row.
5. Products of weights are made before they meet the inputs: W_O W_in, W_O W_U and W_out W_U. The residual stream
   itself is never built.
6. What a head writes towards the MLP, and past it, are then tables as well, and an input sums 2 n_heads rows (`mixing`)
   where a matrix product would take n_heads d_head.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from einops import einsum, rearrange
from jaxtyping import Float, Int
from torch import Tensor

from headlapse.models.config import SIZES, ModelConfig
from headlapse.models.matmul import product
from headlapse.models.weighted_table_sum import Pairs, Table

Weights = Mapping[str, Tensor]
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu_,
    "gelu": F.gelu,
    "gelu_new": partial(F.gelu, approximate="tanh"),
    "silu": F.silu,
    "solu": lambda hidden: hidden * hidden.softmax(dim=-1),
}
ANY_VALUE = (*SIZES, "act_fn", "train_biases", "attention_dir", "use_attn_scale", "attn_scale", "eps")
ATTENTION = "blocks.0.attn."
MLP = "blocks.0.mlp."


def covers(config: ModelConfig, probe: Int[Tensor, "inputs positions"]) -> bool:
    """Whether the fast forward is exact: one layer, no normalization, inputs `[a, b, =]` that all end in the same token."""
    is_known = config.is_plain_except(ANY_VALUE) and config.act_fn in ACTIVATIONS and config.d_mlp > 0
    return is_known and probe.shape[1] == 3 and bool((probe[:, -1] == probe[0, -1]).all())


@dataclass(frozen=True)
class OneLayerForward:
    """The fast forward pass as a function of weights; exact where `covers` says so."""

    config: ModelConfig

    def prepare(self, tokens: Int[Tensor, "inputs 3"]) -> Pairs:
        """Index lists of `tokens`, which depend on no weight."""
        return Pairs.of(tokens, self.config.d_vocab, self.config.n_heads)

    def logits(self, weights: Weights, inputs: Pairs) -> Float[Tensor, "inputs vocab_out"]:
        """Logits at `=` for every input, differentiable in `weights`."""
        return fold(weights, inputs.end_token, self.config).logits(inputs)


@dataclass(frozen=True)
class Folded:
    """Everything that does not depend on the inputs."""

    scores: Float[Tensor, "distinct head"]
    hidden: Table  # of what the MLP reads
    direct: Table  # of what the unembedding reads past the MLP
    writing: Float[Tensor, "d_mlp vocab_out"]
    act_fn: str

    def logits(self, pairs: Pairs) -> Float[Tensor, "inputs vocab_out"]:
        """Logits at `=` for every input, in the dtype of the weights."""
        attention = self.attention(pairs)
        hidden = ACTIVATIONS[self.act_fn](self.hidden.mix(attention, pairs))
        return product(hidden, self.writing) + self.direct.mix(attention, pairs)

    def attention(self, pairs: Pairs) -> Float[Tensor, "inputs 2 head"]:
        """Weights that `=` gives to `a` and to `b`; the rest of 1 goes to `=` itself."""
        to_a, to_b = (self.scores.index_select(0, rows) for rows in (pairs.row_a, pairs.row_b))
        weights = torch.stack([to_a, to_b, self.scores[-1].expand_as(to_a)]).softmax(dim=0)
        return rearrange(weights[:2], "seen input head -> input seen head")


def fold(weights: Weights, end_token: Int[Tensor, "1"], config: ModelConfig) -> Folded:
    """Contract the weights as far as the inputs allow; differentiable in all of them."""
    w_e, w_pos = weights["embed.W_E"], weights["pos_embed.W_pos"]
    end = w_e.index_select(0, end_token) + w_pos[2]
    distinct = torch.cat([w_e + w_pos[0], w_e + w_pos[1], end])
    w_v = rearrange(weights[f"{ATTENTION}W_V"], "head d_model d_head -> d_model (head d_head)")
    b_v = rearrange(weights[f"{ATTENTION}b_V"], "head d_head -> (head d_head)")
    w_o = rearrange(weights[f"{ATTENTION}W_O"], "head d_head d_model -> (head d_head) d_model")
    values = torch.addmm(b_v, distinct, w_v)
    constant = end + weights[f"{ATTENTION}b_O"] + values[-1:] @ w_o
    w_in, w_out, w_u = weights[f"{MLP}W_in"], weights[f"{MLP}W_out"], weights["unembed.W_U"]
    scores = _scores(weights, distinct, config.score_divisor)
    differences = rearrange(values[:-1] - values[-1], "row (head d_head) -> row head d_head", head=scores.shape[1])
    hidden = _table(differences, product(w_o, w_in), constant @ w_in + weights[f"{MLP}b_in"])
    direct = _table(differences, product(w_o, w_u), constant @ w_u + weights[f"{MLP}b_out"] @ w_u + weights["unembed.b_U"])
    return Folded(scores, hidden, direct, product(w_out, w_u), config.act_fn)


def _table(
    values: Float[Tensor, "token_row head d_head"], reading: Float[Tensor, "z columns"], constant: Float[Tensor, "1 columns"]
) -> Table:
    """The table of what looking at a token row adds to what `reading` reads; z = (head d_head)."""
    reading = rearrange(reading, "(head d_head) columns -> head d_head columns", head=values.shape[1])
    rows = einsum(values, reading, "row head d_head, head d_head columns -> row head columns")
    rows = rearrange(rows, "row head columns -> (row head) columns")
    return Table(torch.cat([rows, constant]), values, reading)


def _scores(weights: Weights, distinct: Float[Tensor, "distinct d_model"], divisor: float) -> Float[Tensor, "distinct head"]:
    """The score that the query at `=`, the last distinct row, gives to every distinct row."""
    w_q, w_k = weights[f"{ATTENTION}W_Q"], weights[f"{ATTENTION}W_K"]
    query = einsum(distinct[-1], w_q, "d_model, head d_model d_head -> head d_head") + weights[f"{ATTENTION}b_Q"]
    query = query / divisor
    direction = einsum(w_k, query, "head d_model d_head, head d_head -> d_model head")
    return torch.addmm((weights[f"{ATTENTION}b_K"] * query).sum(dim=-1), distinct, direction)
