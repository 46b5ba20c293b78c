"""The backward pass of `one_layer_tables`: from gradients of the tables to those of the weights, written by hand.

Three tables are sums of two products, or of a product and a constant row, so some weights sum two or three gradients.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Float, Float64, Int
from torch import Tensor

from headlapse.models.config import ModelConfig
from headlapse.models.one_layer_tables import ATTENTION, MLP, Tables, Weights, per_head


@dataclass(frozen=True)
class TableGradients:
    """Gradients of the tables that are applied to inputs, in the shapes of `Tables`."""

    scores: Float64[Tensor, "model token_rows head"]
    hidden: Float[Tensor, "model rows d_mlp"]
    direct: Float[Tensor, "model rows columns"]
    writing: Float[Tensor, "model d_mlp columns"]


def unfold(
    grads: TableGradients, tables: Tables, weights: Weights, end_token: Int[Tensor, "1"], config: ModelConfig
) -> dict[str, Tensor]:
    """The gradient of every weight; both have a leading axis of models."""
    found, constant, values = _past_attention(grads, tables, weights)
    scoring, end = _scoring(grads.scores, tables, weights, config)
    of_scores = grads.scores.to(tables.direction.dtype) @ tables.direction
    distinct = (values @ weights[f"{ATTENTION}W_V"].mT).sum(dim=1) + of_scores
    distinct[:, -1:] += constant + end
    return found | scoring | _embeddings(distinct, end_token)


def _past_attention(
    grads: TableGradients, tables: Tables, weights: Weights
) -> tuple[dict[str, Tensor], Float[Tensor, "model 1 d_model"], Float[Tensor, "model head token_rows d_head"]]:
    """Gradients of values, MLP and unembedding; then of the constant residual stream, and of the value of a token row."""
    w_in, w_out, w_u, w_o = (weights[name] for name in (f"{MLP}W_in", f"{MLP}W_out", "unembed.W_U", f"{ATTENTION}W_O"))
    of_hidden, of_direct = (_by_head(table, n_heads=w_o.shape[1]) for table in (grads.hidden, grads.direct))
    hidden, direct = grads.hidden[:, -1:], grads.direct[:, -1:]  # of the constant rows
    to_hidden, to_logits = ((tables.values.mT @ each).flatten(1, 2) for each in (of_hidden, of_direct))
    by_head = w_o.flatten(1, 2)
    beside_mlp = direct @ w_u.mT
    constant = hidden @ w_in.mT + beside_mlp
    value = per_head(constant, w_o.mT)  # of every weighted mean of values
    values = of_hidden @ tables.to_hidden.mT + of_direct @ tables.to_logits.mT
    values = torch.cat([values, value - values.sum(dim=2, keepdim=True)], dim=2)
    past_mlp = tables.constant + weights[f"{MLP}b_out"][:, None]
    found = {
        f"{ATTENTION}W_V": tables.distinct[:, None].mT @ values,
        f"{ATTENTION}b_V": value[:, :, 0],
        f"{ATTENTION}W_O": (to_hidden @ w_in.mT).baddbmm_(to_logits, w_u.mT).view_as(w_o)
        + tables.end_value.mT @ constant[:, None],
        f"{ATTENTION}b_O": constant[:, 0],
        f"{MLP}W_in": (by_head.mT @ to_hidden).baddbmm_(tables.constant.mT, hidden),
        f"{MLP}b_in": hidden[:, 0],
        f"{MLP}W_out": grads.writing @ w_u.mT,
        f"{MLP}b_out": beside_mlp[:, 0],
        "unembed.W_U": (by_head.mT @ to_logits).baddbmm_(past_mlp.mT, direct).baddbmm_(w_out.mT, grads.writing),
        "unembed.b_U": direct[:, 0],
    }
    return found, constant, values


def _by_head(table: Float[Tensor, "model rows written"], n_heads: int) -> Float[Tensor, "model head tokens_a_b written"]:
    return rearrange(table[:, :-1], "model (token head) written -> model head token written", head=n_heads)


def _scoring(
    scores: Float64[Tensor, "model token_rows head"], tables: Tables, weights: Weights, config: ModelConfig
) -> tuple[dict[str, Tensor], Float[Tensor, "model 1 d_model"]]:
    """Gradients of queries and keys, then that of the residual stream at `=` through its query.

    The gradient of b_K is zero: it adds the same number to every score of a head, and the softmax ignores that.
    """
    direction = (scores.mT @ tables.distinct.double()).to(tables.distinct.dtype)
    query = direction[:, :, None] @ weights[f"{ATTENTION}W_K"] / config.score_divisor
    end = tables.distinct[:, -1:]
    found = {
        f"{ATTENTION}W_Q": end[:, None].mT @ query,
        f"{ATTENTION}b_Q": query[:, :, 0],
        f"{ATTENTION}W_K": direction[..., None] @ tables.query,
        f"{ATTENTION}b_K": torch.zeros_like(weights[f"{ATTENTION}b_K"]),
    }
    return found, (query @ weights[f"{ATTENTION}W_Q"].mT).sum(dim=1)


def _embeddings(distinct: Float[Tensor, "model token_rows d_model"], end_token: Int[Tensor, "1"]) -> dict[str, Tensor]:
    tokens = distinct.shape[1] // 2
    at_a, at_b, at_end = distinct[:, :tokens], distinct[:, tokens:-1], distinct[:, -1:]
    positions = torch.cat([at_a.sum(dim=1, keepdim=True), at_b.sum(dim=1, keepdim=True), at_end], dim=1)
    return {"embed.W_E": (at_a + at_b).index_add_(1, end_token, at_end), "pos_embed.W_pos": positions}
