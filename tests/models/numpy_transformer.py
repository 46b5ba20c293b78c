"""An independent computation of a one-layer transformer: float64, numpy, one input and one position at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shape:
    p: int
    n_heads: int
    d_model: int
    d_head: int
    d_mlp: int


SHAPES = [Shape(5, 2, 8, 4, 16), Shape(7, 8, 16, 2, 12), Shape(31, 4, 24, 8, 40), Shape(5, 1, 12, 5, 7)]


def random_weights(shape: Shape, seed: int = 0, dtype: type = np.float64) -> dict[str, np.ndarray]:
    """Weights in `HookedTransformer` names and shapes, all biases non-zero."""
    p, heads, model, head, mlp = shape.p, shape.n_heads, shape.d_model, shape.d_head, shape.d_mlp
    shapes = {
        "embed.W_E": (p + 1, model),
        "pos_embed.W_pos": (3, model),
        **{f"blocks.0.attn.W_{kind}": (heads, model, head) for kind in "QKV"},
        **{f"blocks.0.attn.b_{kind}": (heads, head) for kind in "QKV"},
        "blocks.0.attn.W_O": (heads, head, model),
        "blocks.0.attn.b_O": (model,),
        "blocks.0.mlp.W_in": (model, mlp),
        "blocks.0.mlp.b_in": (mlp,),
        "blocks.0.mlp.W_out": (mlp, model),
        "blocks.0.mlp.b_out": (model,),
        "unembed.W_U": (model, p),
        "unembed.b_U": (p,),
    }
    random = np.random.default_rng(seed)
    return {name: (random.normal(size=size) * 2 / math.sqrt(model)).astype(dtype) for name, size in shapes.items()}


def all_inputs(p: int) -> np.ndarray:
    return np.array([[a, b, p] for a in range(p) for b in range(p)])


def patterns_and_logits(
    weights: dict[str, np.ndarray], tokens: np.ndarray, act_fn: str = "relu"
) -> tuple[np.ndarray, np.ndarray]:
    """For one input: attention `[head, to, from]` and the logits at the last position."""
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    x = [w["embed.W_E"][token] + w["pos_embed.W_pos"][position] for position, token in enumerate(tokens)]
    n_heads = len(w["blocks.0.attn.W_Q"])
    pattern = np.zeros((n_heads, len(x), len(x)))
    mid = x[-1] + w["blocks.0.attn.b_O"]
    for head in range(n_heads):
        q, k, v = ([row @ w[f"blocks.0.attn.W_{n}"][head] + w[f"blocks.0.attn.b_{n}"][head] for row in x] for n in "QKV")
        for to in range(len(x)):
            scores = np.array([q[to] @ k[at] / math.sqrt(len(q[to])) for at in range(to + 1)])
            shares = np.exp(scores - scores.max())
            pattern[head, to, : to + 1] = shares / shares.sum()
        for at in range(len(x)):
            mid = mid + pattern[head, -1, at] * v[at] @ w["blocks.0.attn.W_O"][head]
    hidden = _activate(mid @ w["blocks.0.mlp.W_in"] + w["blocks.0.mlp.b_in"], act_fn)
    end = mid + hidden @ w["blocks.0.mlp.W_out"] + w["blocks.0.mlp.b_out"]
    return pattern, end @ w["unembed.W_U"] + w["unembed.b_U"]


def _activate(x: np.ndarray, act_fn: str) -> np.ndarray:
    if act_fn == "relu":
        return np.maximum(x, 0)
    return np.array([value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in x])
