"""The output of the heads of one layer at the last position before W_O, from tables by position and token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from jaxtyping import Float, Int

from headlapse.models.config import ModelConfig

ATTENTION = "blocks.0.attn."
Weights = Mapping[str, np.ndarray]


def per_head(weights: Weights, kind: str, rows: Float[np.ndarray, "row d_model"]) -> Float[np.ndarray, "row head d_head"]:
    """Queries, keys or values (`kind`: Q, K, V) of rows of the residual stream."""
    projected: np.ndarray = np.einsum("rd,hdk->rhk", rows, weights[f"{ATTENTION}W_{kind}"], optimize=True)
    return projected + weights[f"{ATTENTION}b_{kind}"]


def scores(
    weights: Weights, config: ModelConfig, streams: Sequence[Float[np.ndarray, "_ d_model"]]
) -> list[Float[np.ndarray, "last _ head"]]:
    """The scores from each token at the last position to each token at each position, before the softmax."""
    query = per_head(weights, "Q", streams[-1]) / config.score_divisor
    return [np.einsum("ehk,thk->eth", query, per_head(weights, "K", stream)) for stream in streams]


def shares(
    scores: Sequence[Float[np.ndarray, "last _ head"]], places: Sequence[Int[np.ndarray, " inputs"]]
) -> list[Float[np.ndarray, "inputs head"]]:
    """The attention of the last position to each position, after the softmax."""
    given = [table[places[-1], place] for table, place in zip(scores, places, strict=True)]
    top = np.max(given, axis=0)
    exponentials = [np.exp(score - top) for score in given]
    total = np.sum(exponentials, axis=0)
    return [each / total for each in exponentials]


def weighted(
    shares: Sequence[Float[np.ndarray, "#inputs ..."]],
    values: Sequence[Float[np.ndarray, "_ ... d_head"]],
    places: Sequence[Int[np.ndarray, " inputs"]],
) -> Float[np.ndarray, "inputs ... d_head"]:
    """The mean of the values at all positions, weighted by their shares."""
    parts = (share[..., None] * rows_of(value, place) for share, value, place in zip(shares, values, places, strict=True))
    found: np.ndarray = reduce(np.add, parts)
    return found


def rows_of(table: Float[np.ndarray, "row ..."], places: Int[np.ndarray, " inputs"]) -> Float[np.ndarray, "#inputs ..."]:
    """The row of each input, or the only row for all of them."""
    return table if len(table) == 1 else table.take(places, axis=0)


def tokens_and_places(column: Int[np.ndarray, " inputs"]) -> tuple[Int[np.ndarray, " token"], Int[np.ndarray, " inputs"]]:
    """The distinct tokens of one position, sorted, and the index of each input's token among them."""
    is_there = np.zeros(int(column.max(initial=0)) + 1, dtype=bool)
    is_there[column] = True
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[column]
