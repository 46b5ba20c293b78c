"""The products of weights that `one_layer` computes before it reads any input.

They are computed in float64 and rounded once to the dtype of the weights: a table is a product of three or four weights, and
rounding after each product would make the error of gradients several times that of a direct forward pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from headlapse.models.config import ModelConfig

Weights = Mapping[str, Tensor]
ATTENTION = "blocks.0.attn."
MLP = "blocks.0.mlp."


@dataclass(frozen=True)
class Tables:
    """Tables of one or several models. Token rows count tokens at `a`, then tokens at `b`, then `=`.

    The rows of `hidden` and `direct` count heads within tokens at `a` and `b`, and the constant row follows them. Columns
    are logits, padded as the unembedding is (`whole_columns`).
    """

    distinct: Float[Tensor, "model token_rows d_model"]  # the residual stream before the block
    query: Float[Tensor, "model head 1 d_head"]  # at `=`, over the divisor of scores
    direction: Float[Tensor, "model head d_model"]  # the keys' projection on that query
    scores: Float[Tensor, "model token_rows head"]
    values: Float[Tensor, "model head tokens_a_b d_head"]  # minus that of `=`
    end_value: Float[Tensor, "model head 1 d_head"]
    constant: Float[Tensor, "model 1 d_model"]  # part of the residual stream after attention that all inputs share
    to_hidden: Float[Tensor, "model head d_head d_mlp"]  # W_O W_in
    to_logits: Float[Tensor, "model head d_head columns"]  # W_O W_U
    hidden: Float[Tensor, "model rows d_mlp"]  # input of the MLP; the last row is constant
    direct: Float[Tensor, "model rows columns"]  # input of the unembedding that bypasses the MLP; the last row is constant
    writing: Float[Tensor, "model d_mlp columns"]  # W_out W_U


def fold(weights: Weights, end_token: Int[Tensor, "1"], config: ModelConfig) -> Tables:
    """Contract the weights, which have a leading axis of models, as far as possible without inputs."""
    dtype = weights["embed.W_E"].dtype
    exact = {name: weight.double() for name, weight in weights.items()}
    w_in, w_u, w_o = exact[f"{MLP}W_in"], exact["unembed.W_U"], exact[f"{ATTENTION}W_O"]
    rows = _rows(exact, end_token, config)
    constant = rows["constant"]
    to_hidden, to_logits = (_written(w_o, reading) for reading in (w_in, w_u))
    hidden = constant @ w_in + exact[f"{MLP}b_in"][:, None]
    direct = (constant + exact[f"{MLP}b_out"][:, None]) @ w_u + exact["unembed.b_U"][:, None]
    return Tables(
        **{name: table.to(dtype) for name, table in rows.items()},
        to_hidden=to_hidden.to(dtype),
        to_logits=to_logits.to(dtype),
        hidden=_table(rows["values"] @ to_hidden, hidden, dtype),
        direct=_table(rows["values"] @ to_logits, direct, dtype),
        writing=(exact[f"{MLP}W_out"] @ w_u).to(dtype),
    )


def _rows(weights: Weights, end_token: Tensor, config: ModelConfig) -> dict[str, Tensor]:
    """The tables of what precedes the MLP, by their names in `Tables`."""
    w_e, w_pos = weights["embed.W_E"], weights["pos_embed.W_pos"]
    end = w_e.index_select(1, end_token) + w_pos[:, 2:3]
    distinct = torch.cat([w_e + w_pos[:, 0:1], w_e + w_pos[:, 1:2], end], dim=1)
    query = per_head(end, weights[f"{ATTENTION}W_Q"]) + weights[f"{ATTENTION}b_Q"][:, :, None]
    query = query / config.score_divisor
    direction = (weights[f"{ATTENTION}W_K"] @ query.mT)[..., 0]
    scores = distinct @ direction.mT + (weights[f"{ATTENTION}b_K"] * query[:, :, 0]).sum(dim=-1)[:, None]
    of_rows = per_head(distinct, weights[f"{ATTENTION}W_V"]) + weights[f"{ATTENTION}b_V"][:, :, None]
    values, end_value = of_rows[:, :, :-1] - of_rows[:, :, -1:], of_rows[:, :, -1:]
    attended = (end_value @ weights[f"{ATTENTION}W_O"]).sum(dim=1)
    return {
        "distinct": distinct,
        "query": query,
        "direction": direction,
        "scores": scores,
        "values": values,
        "end_value": end_value,
        "constant": end + weights[f"{ATTENTION}b_O"][:, None] + attended,
    }


def per_head(
    rows: Float[Tensor, "model row d_model"], matrix: Float[Tensor, "model head d_model d_head"]
) -> Float[Tensor, "model head row d_head"]:
    """The product of `rows` with the matrix of each head."""
    return rows[:, None] @ matrix


def _written(
    w_o: Float[Tensor, "model head d_head d_model"], reading: Float[Tensor, "model d_model read"]
) -> Float[Tensor, "model head d_head read"]:
    """What reads the output of each head, applied to its W_O."""
    return (w_o.flatten(1, 2) @ reading).view(*w_o.shape[:3], -1)


def _table(
    by_head: Float[Tensor, "model head row written"], constant: Float[Tensor, "model 1 written"], dtype: torch.dtype
) -> Float[Tensor, "model rows written"]:
    """The rows of all heads of a token side by side, because an input mixes all of them; then the constant row."""
    models, heads, rows, written = by_head.shape
    table = by_head.new_empty(models, rows * heads + 1, written, dtype=dtype)
    table[:, :-1].unflatten(1, (rows, heads)).copy_(by_head.transpose(1, 2))
    table[:, -1:] = constant
    return table
