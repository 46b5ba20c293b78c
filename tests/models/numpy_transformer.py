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


@dataclass(frozen=True)
class Options:
    """What an architecture may declare besides its sizes, under the names of family.json; those of the published model."""

    act_fn: str = "relu"
    normalization: str | None = None
    eps: float = 1e-5
    attention_dir: str = "causal"
    use_attn_scale: bool = True
    attn_scale: float | None = None


def patterns_and_logits(
    weights: dict[str, np.ndarray], tokens: np.ndarray, act_fn: str = "relu", options: Options | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """For one input: attention `[head, to, from]` and the logits at the last position."""
    options = options or Options(act_fn)
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    x = [w["embed.W_E"][token] + w["pos_embed.W_pos"][position] for position, token in enumerate(tokens)]
    read = [_normalize(row, w, "blocks.0.ln1", options) for row in x]
    n_heads = len(w["blocks.0.attn.W_Q"])
    pattern = np.zeros((n_heads, len(x), len(x)))
    mid = x[-1] + w["blocks.0.attn.b_O"]
    for head in range(n_heads):
        q, k, v = ([row @ w[f"blocks.0.attn.W_{n}"][head] + w[f"blocks.0.attn.b_{n}"][head] for row in read] for n in "QKV")
        for to in range(len(x)):
            seen = range(to + 1 if options.attention_dir == "causal" else len(x))
            scores = np.array([q[to] @ k[at] / _scale(options, len(q[to])) for at in seen])
            shares = np.exp(scores - scores.max())
            pattern[head, to, : len(seen)] = shares / shares.sum()
        for at in range(len(x)):
            mid = mid + pattern[head, -1, at] * v[at] @ w["blocks.0.attn.W_O"][head]
    hidden = _normalize(mid, w, "blocks.0.ln2", options) @ w["blocks.0.mlp.W_in"] + w["blocks.0.mlp.b_in"]
    active = _activate(hidden, options.act_fn.removesuffix("_ln"))
    if options.act_fn.endswith("_ln"):
        active = _normalize(active, w, "blocks.0.mlp.ln", options)
    end = mid + active @ w["blocks.0.mlp.W_out"] + w["blocks.0.mlp.b_out"]
    return pattern, _normalize(end, w, "ln_final", options) @ w["unembed.W_U"] + w["unembed.b_U"]


def _scale(options: Options, d_head: int) -> float:
    if not options.use_attn_scale:
        return 1.0
    return math.sqrt(d_head) if options.attn_scale is None else options.attn_scale


def _normalize(x: np.ndarray, w: dict[str, np.ndarray], name: str, options: Options) -> np.ndarray:
    if options.normalization is None:
        return x
    centred = x - x.mean() if options.normalization.startswith("LN") else x
    normal = centred / np.sqrt((centred**2).mean() + options.eps)
    if options.normalization.endswith("Pre"):
        return normal
    return normal * w[f"{name}.w"] + w.get(f"{name}.b", 0)


def _activate(x: np.ndarray, act_fn: str) -> np.ndarray:
    match act_fn:
        case "relu":
            return np.maximum(x, 0)
        case "gelu":
            return np.array([value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in x])
        case "gelu_new":
            return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
        case "silu":
            return x / (1 + np.exp(-x))
        case "solu":
            shares = np.exp(x - x.max())
            return x * shares / shares.sum()
    raise ValueError(act_fn)
