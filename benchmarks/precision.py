"""The error of gradients, beside that of a direct forward pass in float32, tensor by tensor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

import headlapse
from headlapse.models.matmul import libraries, products_by
from headlapse.models.one_layer import OneLayerForward
from headlapse.training.cross_entropy import cross_entropy, losses_and_gradient
from headlapse.training.progress import Silent
from headlapse.training.run import Run

MARKS = {"p = 113, epoch 0": 2.0, "p = 113, epoch 110": 1.2, "p = 31, epoch 3,000": 1.2}  # of the worst tensor
ATTENTION, MLP = "blocks.0.attn.", "blocks.0.mlp."


def print_precision(folder: Path) -> None:
    """Print, for every weight and library of products, the error of its gradient over that of the direct way."""
    print("\nerror of gradients against float64, over that of a direct forward pass in float32 with autograd")
    family = headlapse.load_family("modulo_addition_1layer")
    large, small = family.variant(results=folder), family.variant(prime=31, seed=1, train_fraction=0.7, results=folder)
    for variant, epoch in ((large, 0), (large, 110), (small, 3000)):
        variant.train(epoch, checkpoint_epochs=[epoch], analyze=False, progress=Silent())
        _print_moment(f"p = {variant.settings['prime']}, epoch {epoch:,}", Run.resume(variant, "cpu"))


def _print_moment(moment: str, run: Run) -> None:
    exact, loss = _directly(run, torch.float64)
    direct = _errors(_directly(run, torch.float32)[0], exact)
    for library in libraries():
        with products_by(library):
            ratios = {name: error / direct[name] for name, error in _errors(_ours(run), exact).items()}
        worst, mark = max(ratios.values()), MARKS[moment]
        verdict = "met" if worst <= mark else "MISSED"
        print(f"  {moment}, loss {loss:.1e}, {library}: worst {worst:.2f}, mark {mark:.1f}, {verdict}")
        print("    " + "  ".join(f"{name.rpartition('.')[2]} {ratio:.2f}" for name, ratio in ratios.items()))


def _errors(found: Mapping[str, Tensor], exact: Mapping[str, Tensor]) -> dict[str, float]:
    return {name: float((found[name].double() - tensor).norm()) for name, tensor in exact.items()}


@torch.no_grad()
def _ours(run: Run) -> dict[str, Tensor]:
    forward, inputs = run.forward, run.train.inputs
    assert isinstance(forward, OneLayerForward)
    weights = {name: weight[None] for name, weight in run.weights.items()}
    tables = forward.fold(weights, inputs)
    logits, kept = forward.run(tables, inputs)
    _, grad = losses_and_gradient(logits, run.train.labels[None])
    return {name: each[0] for name, each in forward.gradients(grad, kept, tables, inputs, weights).items()}


def _directly(run: Run, dtype: torch.dtype) -> tuple[dict[str, Tensor], float]:
    """Gradients and loss by autograd."""
    trained = {name for name, weight in run.weights.items() if weight.requires_grad}
    weights = {name: weight.detach().to(dtype).requires_grad_(name in trained) for name, weight in run.weights.items()}
    divisor = run.forward.config.score_divisor
    loss = cross_entropy(_logits(weights, run.train.inputs.tokens[0], divisor), run.train.labels)
    names = sorted(trained)
    return dict(zip(names, torch.autograd.grad(loss, [weights[name] for name in names]), strict=True)), loss.item()


def _logits(weights: Mapping[str, Tensor], tokens: Tensor, divisor: float) -> Tensor:
    """At the last position, as a textbook has them, with a ReLU."""
    x = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"]
    q, k, v = (
        torch.einsum("nid,hdk->nhik", x, weights[f"{ATTENTION}W_{each}"]) + weights[f"{ATTENTION}b_{each}"][:, None]
        for each in "QKV"
    )
    pattern = (torch.einsum("nhk,nhik->nhi", q[:, :, -1], k) / divisor).softmax(dim=-1)
    z = torch.einsum("nhi,nhik->nhk", pattern, v)
    mid = x[:, -1] + torch.einsum("nhk,hkd->nd", z, weights[f"{ATTENTION}W_O"]) + weights[f"{ATTENTION}b_O"]
    hidden = (mid @ weights[f"{MLP}W_in"] + weights[f"{MLP}b_in"]).relu()
    out = mid + hidden @ weights[f"{MLP}W_out"] + weights[f"{MLP}b_out"]
    return out @ weights["unembed.W_U"] + weights["unembed.b_U"]
