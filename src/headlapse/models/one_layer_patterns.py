"""Attention patterns of a one-layer transformer on all pairs `[a, b, =]`, from numpy arrays.

This is the exact counterpart of `one_layer` for analysis; it needs no torch. With x_i = W_E[token] + W_pos[i], normalized if
the family declares it, a score is (x_to W_Q + b_Q) . (x_from W_K + b_K) / sqrt(d_head), or divided by what the
family declares instead. The following work is avoided without changing the result:

1. Scores of the first layer depend on token and position only: of 3 p^2 rows (p tokens on each axis), 2 p + 1 are distinct,
   and queries and keys are computed for those.
2. Under the causal mask, `a` sees only itself: that pattern is 1 and needs no arithmetic. The scores of `b` are a p x p
   table against `a` and a vector against itself; those of `=` are a vector over `a`, one over `b` and a number.
3. `b` sees two positions: it gives e / (1 + e) to `a`, with one exponential e of the difference of its scores, and the
   rest, 1 / (1 + e), to itself.
4. `=` gives exp(s_a) / (exp(s_a) + exp(s_b) + exp(s_=)) to `a`, where each score depends on at most one token: 2 p + 1
   exponentials suffice for all p^2 inputs.
5. Values, the MLP and the unembedding are not needed.

Without a mask, `a` and `b` see all three positions and are computed directly. If scores are large, float32 rounds them too
coarsely; they are then computed in float64, as they also are if the family declares another direction, scale or
normalization. Only their differences are rounded to float32: the slope of a softmax falls faster than the rounding grows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from headlapse.models.config import SIZES, ModelConfig

Weights = Mapping[str, np.ndarray]
Rows = Float[np.ndarray, "_ d_model"]
Scores = Float[np.ndarray, "head #a #b"]
Pattern = Float[np.ndarray, "head from a b"]
ATTENTION = "blocks.0.attn."
NORM = "blocks.0.ln1."
OF_NO_EFFECT = (*SIZES, "act_fn", "train_biases")  # on how attention is computed
ANY_VALUE = (*OF_NO_EFFECT, "attention_dir", "use_attn_scale", "attn_scale", "normalization", "eps")
A, B, END = range(3)
LARGE = 10.0  # a score whose rounding in float32 still moves no pattern by 1e-6
SAFE = 0.9  # of the range in which exp neither vanishes, nor loses bits, nor overflows


class Grid(NamedTuple):
    """Inputs `[a, b, =]` with every token of `a` and every token of `b`, and the token of `=`."""

    a: Int[np.ndarray, " a"]
    b: Int[np.ndarray, " b"]
    end: int

    @classmethod
    def square(cls, p: int) -> Grid:
        """All pairs of tokens below p, with token p as `=`."""
        return cls(np.arange(p), np.arange(p), p)

    @classmethod
    def of(cls, probe: Int[np.ndarray, "inputs positions"]) -> Grid | None:
        """The grid that the probe enumerates row by row; None if it enumerates something else."""
        if probe.ndim != 2 or probe.shape[1] != 3 or len(probe) == 0:
            return None
        n_b = int((probe[:, A] == probe[0, A]).sum())
        grid = cls(probe[::n_b, A], probe[:n_b, B], int(probe[0, END]))
        pairs = (grid.a.repeat(n_b), np.tile(grid.b, len(grid.a)), np.full(len(grid.a) * n_b, grid.end))
        return grid if np.array_equal(probe, np.stack(pairs, axis=1)) else None


def grid_patterns(weights: Weights, p: int | Grid, config: ModelConfig | None = None) -> Float[np.ndarray, "head 3 3 a b"]:
    """`patterns[head, to, from, a, b]` for the pairs of a grid, in the dtype of the weights; an integer means `Grid.square`.

    `config` says how attention is computed; None means causal, over sqrt(d_head), without normalization.
    """
    grid = p if isinstance(p, Grid) else Grid.square(p)
    dtype = weights["embed.W_E"].dtype
    if config is None or config.is_plain_except(OF_NO_EFFECT):
        divisor = weights[f"{ATTENTION}W_Q"].shape[-1] ** 0.5
        large = _patterns(_projected_at_once(weights, grid, divisor), dtype, True, above=LARGE)
        if large is not None:
            return large
        projected = _projected(weights, _rows(weights, grid, dtype), dtype.type(divisor), True)
    else:
        rows = [normalized(row, weights, config) for row in _rows(weights, grid, np.dtype(np.float64))]
        projected = _projected(weights, rows, np.float64(config.score_divisor), config.attention_dir == "causal")
    found = _patterns(projected, dtype, config is None or config.attention_dir == "causal")
    assert found is not None
    return found


class Projected(NamedTuple):
    """Keys, and queries over the divisor of the scores, at `a`, at `b` and at `=`: `(head, row, d_head)` each.

    A causal model needs no queries at `a`.
    """

    keys: Sequence[np.ndarray]
    queries: Sequence[np.ndarray]


def _projected(weights: Weights, rows: Sequence[Rows], divisor: np.floating, is_causal: bool) -> Projected:
    """From the input of attention at each position, in its dtype."""
    keys = [_per_head(weights, "K", row) for row in rows]
    asking = rows[B:] if is_causal else rows
    queries = [_per_head(weights, "Q", row) / divisor for row in asking]
    return Projected(keys, queries if not is_causal else [np.empty(0), *queries])


def _projected_at_once(weights: Weights, grid: Grid, divisor: float) -> Projected:
    """The same in float64 for a causal model without normalization: each token is projected once for all positions."""
    w_e, w_pos = (weights[name].astype(np.float64, copy=False) for name in ("embed.W_E", "pos_embed.W_pos"))
    n_heads, d_model, d_head = weights[f"{ATTENTION}W_K"].shape
    tokens = [grid.a, grid.b, np.array([grid.end])]

    def projected(kind: str, positions: Sequence[int], scale: float) -> list[np.ndarray]:
        matrix = weights[f"{ATTENTION}W_{kind}"].astype(np.float64) * scale
        joined = matrix.transpose(1, 0, 2).reshape(d_model, n_heads * d_head)
        bias = weights[f"{ATTENTION}b_{kind}"].reshape(-1) * scale
        known: dict[bytes, np.ndarray] = {}
        for numbers in (tokens[position] for position in positions):
            if numbers.tobytes() not in known:
                known[numbers.tobytes()] = w_e[numbers] @ joined
        rows = [known[tokens[position].tobytes()] + (w_pos[position] @ joined + bias) for position in positions]
        return [row.reshape(-1, n_heads, d_head).transpose(1, 0, 2) for row in rows]

    return Projected(projected("K", (A, B, END), 1.0), [np.empty(0), *projected("Q", (B, END), 1 / divisor)])


def _rows(weights: Weights, grid: Grid, dtype: np.dtype) -> list[Rows]:
    """The residual stream before the block at `a`, at `b` and at `=`."""
    w_e, w_pos = (weights[name].astype(dtype, copy=False) for name in ("embed.W_E", "pos_embed.W_pos"))
    return [w_e[grid.a] + w_pos[A], w_e[grid.b] + w_pos[B], w_e[[grid.end]] + w_pos[END]]


def _patterns(
    projected: Projected, dtype: np.dtype, is_causal: bool, above: float = -math.inf
) -> Float[np.ndarray, "head 3 3 a b"] | None:
    """Patterns of `dtype`; scores have the dtype of keys and queries. None if no score is above `above` in magnitude."""
    key_a, key_b, key_end = projected.keys
    query_a, query_b, query_end = projected.queries
    b_to_a, b_to_b = key_a @ query_b.swapaxes(1, 2), (key_b * query_b).sum(axis=-1)[:, None, :]
    of_end = query_end.swapaxes(1, 2)
    end_to = (key_a @ of_end, (key_b @ of_end).swapaxes(1, 2), key_end @ of_end)
    if above > 0 and not max(max(scores.max(), -scores.min()) for scores in (b_to_a, b_to_b, *end_to)) > above:
        return None
    patterns = np.empty((len(key_a), 3, 3, key_a.shape[1], key_b.shape[1]), dtype=dtype)
    if is_causal:
        patterns[:, A, A] = 1
        patterns[:, A, B:] = patterns[:, B, END] = 0
        _fill_b(patterns[:, B], b_to_a, b_to_b)
    else:
        to_end = key_end.swapaxes(1, 2)
        a_to_a = (key_a * query_a).sum(axis=-1)[:, :, None]
        _softmax(patterns[:, A], (a_to_a, query_a @ key_b.swapaxes(1, 2), query_a @ to_end))
        _softmax(patterns[:, B], (b_to_a, b_to_b, (query_b @ to_end).swapaxes(1, 2)))
    _fill_end(patterns[:, END], *end_to)
    return patterns


def normalized(rows: Rows, weights: Weights, config: ModelConfig) -> Rows:
    """The input of attention if the residual stream holds `rows`."""
    if config.normalization is None:
        return rows
    centred = rows - rows.mean(axis=-1, keepdims=True) if config.normalization.startswith("LN") else rows
    normal: Rows = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + config.eps)
    if config.normalization.endswith("Pre"):
        return normal
    return normal * weights[f"{NORM}w"] + weights.get(f"{NORM}b", 0)


def covers_grid(config: ModelConfig, probe: Int[np.ndarray, "inputs positions"]) -> bool:
    """Whether `grid_patterns` is exact: one layer, and a probe of all pairs `[a, b, =]`, row by row."""
    return config.is_plain_except(ANY_VALUE) and Grid.of(probe) is not None


def _per_head(weights: Weights, kind: str, rows: Float[np.ndarray, "row d_model"]) -> Float[np.ndarray, "head row d_head"]:
    """Queries ("Q") or keys ("K") of `rows`."""
    projected: np.ndarray = rows @ weights[f"{ATTENTION}W_{kind}"] + weights[f"{ATTENTION}b_{kind}"][:, None, :]
    return projected


def _fill_b(pattern: Pattern, *scores: Scores) -> None:
    """The attention of `b`, from its scores against `a` (head, p, p) and against itself (head, 1, p)."""
    lead = (scores[A] - scores[B]).astype(pattern.dtype, copy=False)
    if lead.max() < SAFE * np.log(np.finfo(lead.dtype).max):
        ratio = np.exp(lead, out=lead)
        total = np.add(ratio, 1, out=pattern[:, B])
        np.divide(ratio, total, out=pattern[:, A])
        np.reciprocal(total, out=total)
    else:  # the exponential would overflow
        _softmax(pattern, scores)


def _fill_end(pattern: Pattern, *scores: Scores) -> None:
    """The attention of `=`, from its scores against `a` (head, p, 1), `b` (head, 1, p) and itself (head, 1, 1)."""
    top = max(score.max() for score in scores)
    spread = top - min(score.min() for score in scores)
    if spread < -SAFE * np.log(np.finfo(pattern.dtype).tiny):
        shares = [np.exp(score - top).astype(pattern.dtype, copy=False) for score in scores]
        total = np.add(shares[A], shares[B] + shares[END], out=pattern[:, END])
        for place, share in enumerate(shares):
            np.divide(share, total, out=pattern[:, place])
    else:  # for some inputs all three would vanish beside those of others
        _softmax(pattern, scores)


def _softmax(pattern: Pattern, scores: Sequence[Scores]) -> None:
    """The direct softmax, for scores that are far apart."""
    top = reduce(np.maximum, scores)
    shares = [np.exp((score - top).astype(pattern.dtype, copy=False)) for score in scores]
    total = reduce(np.add, shares)
    for place, share in enumerate(shares):
        np.divide(share, total, out=pattern[:, place])
