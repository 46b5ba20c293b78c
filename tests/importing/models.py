"""Models for the tests of imports, with all sizes different, and what they answer, computed independently in float64."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import headlapse
from headlapse.importing import Imported

P, HEADS, D_MODEL, D_HEAD, D_MLP = 11, 3, 20, 5, 28
Weights = dict[str, Tensor]
ATTENTION, MLP = "blocks.0.attn.", "blocks.0.mlp."


def model(seed: int = 0, p: int = P, heads: int = HEADS) -> Weights:
    """Random weights in the `HookedTransformer` layout, biases included."""
    generator = torch.Generator().manual_seed(seed)

    def some(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator) * shape[-1] ** -0.5

    weights = {"embed.W_E": 2 * some(p + 1, D_MODEL), "pos_embed.W_pos": some(3, D_MODEL)}
    weights |= {f"{ATTENTION}W_{kind}": 2 * some(heads, D_MODEL, D_HEAD) for kind in "QKV"}
    weights |= {f"{ATTENTION}b_{kind}": some(heads, D_HEAD) for kind in "QKV"}
    weights |= {f"{ATTENTION}W_O": some(heads, D_HEAD, D_MODEL), f"{ATTENTION}b_O": some(D_MODEL)}
    weights |= {f"{MLP}W_in": some(D_MODEL, D_MLP), f"{MLP}b_in": some(D_MLP)}
    weights |= {f"{MLP}W_out": some(D_MLP, D_MODEL), f"{MLP}b_out": some(D_MODEL)}
    return weights | {"unembed.W_U": some(D_MODEL, p), "unembed.b_U": some(p)}


def as_bridge(weights: Weights) -> Weights:
    """The layout of TransformerLens 4, written down once more, independently."""
    joined = {f"{ATTENTION}W_{kind}": weights[f"{ATTENTION}W_{kind}"].transpose(1, 2).flatten(0, 1) for kind in "QKV"}
    return {
        "embed.weight": weights["embed.W_E"],
        "pos_embed.weight": weights["pos_embed.W_pos"],
        **{f"{ATTENTION}{kind.lower()}.weight": joined[f"{ATTENTION}W_{kind}"] for kind in "QKV"},
        **{f"{ATTENTION}{kind.lower()}.bias": weights[f"{ATTENTION}b_{kind}"].flatten() for kind in "QKV"},
        f"{ATTENTION}o.weight": weights[f"{ATTENTION}W_O"].flatten(0, 1).T,
        f"{ATTENTION}o.bias": weights[f"{ATTENTION}b_O"],
        f"{MLP}in.weight": weights[f"{MLP}W_in"].T,
        f"{MLP}in.bias": weights[f"{MLP}b_in"],
        f"{MLP}out.weight": weights[f"{MLP}W_out"].T,
        f"{MLP}out.bias": weights[f"{MLP}b_out"],
        "unembed.weight": weights["unembed.W_U"].T,
        "unembed.bias": weights["unembed.b_U"],
    }


def as_nanda(weights: Weights) -> Weights:
    """The layout of the progress measures paper, which has no attention and unembedding biases."""
    return {
        "embed.W_E": weights["embed.W_E"].T,
        "pos_embed.W_pos": weights["pos_embed.W_pos"],
        **{f"{ATTENTION}W_{kind}": weights[f"{ATTENTION}W_{kind}"].transpose(1, 2) for kind in "QKV"},
        f"{ATTENTION}W_O": torch.cat(list(weights[f"{ATTENTION}W_O"])).T,
        f"{ATTENTION}mask": torch.tril(torch.ones(3, 3)),
        f"{MLP}W_in": weights[f"{MLP}W_in"].T,
        f"{MLP}b_in": weights[f"{MLP}b_in"],
        f"{MLP}W_out": weights[f"{MLP}W_out"].T,
        f"{MLP}b_out": weights[f"{MLP}b_out"],
        "unembed.W_U": weights["unembed.W_U"],
    }


def without_biases(weights: Weights) -> Weights:
    """As the model of the paper is: attention and unembedding biases are zero."""
    return {n: torch.zeros_like(w) if ".attn.b_" in n or n == "unembed.b_U" else w for n, w in weights.items()}


def patterns_of(weights: Weights, p: int = P) -> np.ndarray:
    """Attention `[head, to, from, a, b]` in float64."""
    w = {name: tensor.double().numpy() for name, tensor in weights.items()}
    heads, _, d_head = w[f"{ATTENTION}W_Q"].shape
    found = np.zeros((heads, 3, 3, p, p))
    for a in range(p):
        for b in range(p):
            x = w["embed.W_E"][[a, b, p]] + w["pos_embed.W_pos"]
            for head in range(heads):
                q = x @ w[f"{ATTENTION}W_Q"][head] + w[f"{ATTENTION}b_Q"][head]
                k = x @ w[f"{ATTENTION}W_K"][head] + w[f"{ATTENTION}b_K"][head]
                for to in range(3):
                    scores = np.exp(q[to] @ k[: to + 1].T / d_head**0.5)
                    found[head, to, : to + 1, a, b] = scores / scores.sum()
    return found


def losses_of(weights: Weights, p: int = P) -> np.ndarray:
    """Cross-entropy of (a + b) mod p at every input `a * p + b`, in float64."""
    w = {name: tensor.double().numpy() for name, tensor in weights.items()}
    pattern = patterns_of(weights, p)
    found = np.zeros(p * p)
    for row in range(p * p):
        a, b = divmod(row, p)
        x = w["embed.W_E"][[a, b, p]] + w["pos_embed.W_pos"]
        mid = x[2] + w[f"{ATTENTION}b_O"]
        for head in range(pattern.shape[0]):
            v = x @ w[f"{ATTENTION}W_V"][head] + w[f"{ATTENTION}b_V"][head]
            mid = mid + pattern[head, 2, :, a, b] @ v @ w[f"{ATTENTION}W_O"][head]
        hidden = np.maximum(mid @ w[f"{MLP}W_in"] + w[f"{MLP}b_in"], 0)
        logits = (mid + hidden @ w[f"{MLP}W_out"] + w[f"{MLP}b_out"]) @ w["unembed.W_U"] + w["unembed.b_U"]
        found[row] = np.log(np.exp(logits).sum()) - logits[(a + b) % p]
    return found


def split(p: int = P) -> tuple[list[int], list[int]]:
    """Rows that train and rows that test."""
    order = torch.randperm(p * p, generator=torch.Generator().manual_seed(5)).tolist()
    return order[: p * p // 3], order[p * p // 3 :]


def take(path: Path, tmp_path: Path, **options: object) -> Imported:
    """Import `path` into a results folder of its own."""
    return headlapse.import_checkpoints(path, results=tmp_path / "results", **options)


def assert_weights(imported: Imported, epoch: int, weights: Weights) -> None:
    """The checkpoint holds exactly these weights."""
    found = imported.variant.checkpoint(epoch).weights
    assert found.keys() == weights.keys()
    for name, array in found.items():
        np.testing.assert_array_equal(array, weights[name], err_msg=name)
