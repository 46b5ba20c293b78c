"""The exact fast forward of a one-layer transformer without normalization, on inputs `[a, b, =]`.

It computes what the TransformerLens bridge computes at the last position, from weights in `HookedTransformer` names and
shapes, and agrees with it to float rounding in values and gradients. With x_i the residual stream before the block at
position i, and sums over positions i and heads h:

    x_i     = W_E[token_i] + W_pos[i]
    A_h,i   = softmax over i of (x_end W_Q,h + b_Q,h) . (x_i W_K,h + b_K,h) / sqrt(d_head)
    mid     = x_end + sum_h sum_i A_h,i (x_i W_V,h + b_V,h) W_O,h + b_O
    logits  = (mid + act(mid W_in + b_in) W_out + b_out) W_U + b_U

What is left out, and why nothing changes:

1. Only the last position is read, so only its query, its attention row and its MLP are computed.
2. Before the block a row depends only on token and position, and the last token is always `=`. All inputs share
   2 d_vocab + 1 distinct rows (`distinct`): scores and values are tables over those, not over inputs.
3. There is one query, so W_K is contracted with it first and a score is one dot product of length d_model.
4. The weights of a row sum to 1, so the value at `=` is added once for all, and an input mixes two differences.
5. Products of weights are made before they meet the inputs: W_O W_in, W_O W_U and W_out W_U. The residual stream itself
   is never built, and everything that no input changes, biases included, becomes one constant row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from einops import einsum, rearrange
from jaxtyping import Float, Int
from torch import Tensor

if TYPE_CHECKING:
    from headlapse.models.config import ModelConfig

ACTIVATIONS = {"relu": F.relu, "gelu": F.gelu}
ATTENTION = "blocks.0.attn."
MLP = "blocks.0.mlp."


def covers(config: ModelConfig, inputs: Int[Tensor, "inputs positions"]) -> bool:
    """Whether the fast forward is exact here: one layer, no normalization, inputs `[a, b, =]` with one last token."""
    is_plain = config.n_layers == 1 and config.normalization is None and config.act_fn in ACTIVATIONS
    return is_plain and inputs.shape[1] == 3 and bool((inputs[:, -1] == inputs[0, -1]).all())


@dataclass(frozen=True)
class OneLayerForward:
    """The fast forward as a `Forward`. Use it only where `covers` says so."""

    act_fn: str = "relu"

    def logits(self, weights: Mapping[str, Tensor], tokens: Int[Tensor, "inputs 3"]) -> Float[Tensor, "inputs vocab_out"]:
        """Logits at the last position, differentiable in `weights`."""
        return last_position_logits(weights, tokens, self.act_fn)


def last_position_logits(
    weights: Mapping[str, Tensor], inputs: Int[Tensor, "inputs 3"], act_fn: str = "relu"
) -> Float[Tensor, "inputs vocab_out"]:
    """Logits at `=` for every input row, in the dtype of the weights, differentiable in all of them."""
    end, value, mixed = _attention(weights, inputs)
    w_o = rearrange(weights[f"{ATTENTION}W_O"], "head d_head d_model -> (head d_head) d_model")
    w_in, w_out, w_u = weights[f"{MLP}W_in"], weights[f"{MLP}W_out"], weights["unembed.W_U"]
    constant = end + value @ w_o + weights[f"{ATTENTION}b_O"]
    hidden = torch.addmm(constant @ w_in + weights[f"{MLP}b_in"], mixed, w_o @ w_in)
    direct = torch.addmm((constant + weights[f"{MLP}b_out"]) @ w_u + weights["unembed.b_U"], mixed, w_o @ w_u)
    return torch.addmm(direct, ACTIVATIONS[act_fn](hidden), w_out @ w_u)


def _attention(
    weights: Mapping[str, Tensor], inputs: Int[Tensor, "inputs 3"]
) -> tuple[Float[Tensor, " d_model"], Float[Tensor, " z"], Float[Tensor, "inputs z"]]:
    """The row x_end, its value, and per input what the heads add to that value by looking at `a` and `b`; z = (head d_head)."""
    w_e, w_pos = weights["embed.W_E"], weights["pos_embed.W_pos"]
    end = w_e.index_select(0, inputs[:1, 2]) + w_pos[2]
    distinct = torch.cat([w_e + w_pos[0], w_e + w_pos[1], end])
    rows = (inputs[:, 0], inputs[:, 1] + len(w_e))
    scores = _scores(weights, distinct)
    seen = [scores.index_select(0, row) for row in rows]
    attention = torch.stack([*seen, scores[-1].expand_as(seen[0])]).softmax(dim=0)
    w_v = rearrange(weights[f"{ATTENTION}W_V"], "head d_model d_head -> d_model (head d_head)")
    values = torch.addmm(rearrange(weights[f"{ATTENTION}b_V"], "head d_head -> (head d_head)"), distinct, w_v)
    differences = rearrange(values - values[-1], "row (head d_head) -> row head d_head", head=scores.shape[1])
    from_a, from_b = (differences.index_select(0, row) for row in rows)
    mixed = torch.addcmul(attention[0, ..., None] * from_a, attention[1, ..., None], from_b)
    return end[0], values[-1], rearrange(mixed, "input head d_head -> input (head d_head)")


def _scores(weights: Mapping[str, Tensor], distinct: Float[Tensor, "row d_model"]) -> Float[Tensor, "row head"]:
    """The score that the query at `=`, the last distinct row, gives to every distinct row."""
    w_q, w_k = weights[f"{ATTENTION}W_Q"], weights[f"{ATTENTION}W_K"]
    query = einsum(distinct[-1], w_q, "d_model, head d_model d_head -> head d_head") + weights[f"{ATTENTION}b_Q"]
    query = query / w_q.shape[-1] ** 0.5
    direction = einsum(w_k, query, "head d_model d_head, head d_head -> d_model head")
    return torch.addmm((weights[f"{ATTENTION}b_K"] * query).sum(dim=-1), distinct, direction)
