"""An independent computation of a transformer of several layers: float64, numpy, one input, head and position at a time."""

from __future__ import annotations

import math

import numpy as np

Weights = dict[str, np.ndarray]


def all_patterns(weights: Weights, tokens: np.ndarray, normalization: str | None = None) -> np.ndarray:
    """Causal attention `[layer, head, to, from]` on one input, with ReLU MLPs or none; `normalization` is None or "LN"."""
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    rows = [w["embed.W_E"][token] + w["pos_embed.W_pos"][position] for position, token in enumerate(tokens)]
    n_layers = sum(name.endswith("attn.W_Q") for name in w)
    return np.stack([_through_block(w, f"blocks.{layer}", rows, normalization) for layer in range(n_layers)])


def _through_block(w: Weights, block: str, rows: list[np.ndarray], normalization: str | None) -> np.ndarray:
    """The patterns of one layer; `rows` become the residual stream after it."""
    read = [_norm(row, w, f"{block}.ln1", normalization) for row in rows]
    n_heads, _, d_head = w[f"{block}.attn.W_Q"].shape
    pattern = np.zeros((n_heads, len(rows), len(rows)))
    added = [w[f"{block}.attn.b_O"].copy() for _ in rows]
    for head in range(n_heads):
        query, key, value = (
            [row @ w[f"{block}.attn.W_{kind}"][head] + w[f"{block}.attn.b_{kind}"][head] for row in read] for kind in "QKV"
        )
        for to in range(len(rows)):
            scores = [query[to] @ key[at] / math.sqrt(d_head) for at in range(to + 1)]
            shares = np.exp(np.array(scores) - max(scores))
            pattern[head, to, : to + 1] = shares / shares.sum()
            for at in range(to + 1):
                added[to] += pattern[head, to, at] * (value[at] @ w[f"{block}.attn.W_O"][head])
    for to in range(len(rows)):
        rows[to] = rows[to] + added[to]
        if f"{block}.mlp.W_in" not in w:
            continue
        hidden = _norm(rows[to], w, f"{block}.ln2", normalization) @ w[f"{block}.mlp.W_in"] + w[f"{block}.mlp.b_in"]
        rows[to] = rows[to] + np.maximum(hidden, 0) @ w[f"{block}.mlp.W_out"] + w[f"{block}.mlp.b_out"]
    return pattern


def _norm(row: np.ndarray, w: Weights, name: str, normalization: str | None) -> np.ndarray:
    if normalization is None:
        return row
    centred = row - row.mean()
    return centred / np.sqrt((centred**2).mean() + 1e-5) * w[f"{name}.w"] + w[f"{name}.b"]
