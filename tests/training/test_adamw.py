"""The optimizer takes the steps of torch's own, bit for bit, also where it goes on and where a weight has no gradient."""

from __future__ import annotations

import subprocess
import sys

import torch
from torch import Tensor

from headlapse.training.adamw import MOMENTS, AdamW

SETTINGS = {"lr": 0.003, "betas": (0.87, 0.95), "weight_decay": 0.7}
SHAPES = ((3, 5), (7,), (2, 4, 6))
TRAINING = """
import sys, headlapse
variant = headlapse.load_family("modulo_addition_1layer").variant(prime=7, train_fraction=0.6, results=sys.argv[1])
variant.train(epochs=3, checkpoint_epochs=[0, 3])
print(sorted({"torch", "torch._dynamo"} & set(sys.modules)))
"""


def weights_of(seed: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator).requires_grad_() for shape in SHAPES]


def set_gradients(weights: list[Tensor], epoch: int) -> None:
    """Of the last weight only in even epochs."""
    for number, (weight, other) in enumerate(zip(weights, weights_of(1000 + epoch), strict=True)):
        weight.grad = other.detach() if number < len(weights) - 1 or epoch % 2 == 0 else None


def test_steps_are_those_of_torch() -> None:
    ours, theirs = weights_of(0), weights_of(0)
    optimizer, reference = AdamW(ours, **SETTINGS), torch.optim.AdamW(theirs, **SETTINGS, fused=True)
    for epoch in range(60):
        for weights in (ours, theirs):
            set_gradients(weights, epoch)
        optimizer.step()
        reference.step()
        assert all(map(torch.equal, ours, theirs)), epoch
    for weight, other in zip(ours, theirs, strict=True):
        assert all(torch.equal(optimizer.moments(weight)[moment], reference.state[other][moment]) for moment in MOMENTS)


def test_it_goes_on_after_any_step() -> None:
    whole, parts = weights_of(0), weights_of(0)
    undisturbed, optimizer = AdamW(whole, **SETTINGS), AdamW(parts, **SETTINGS)
    for epoch in range(0, 40, 2):
        if epoch == 20:
            other = AdamW(parts, **SETTINGS)
            for weight in parts:
                other.go_on(weight, epoch // 2, optimizer.moments(weight))
            optimizer = other
        for weights, each in ((whole, undisturbed), (parts, optimizer)):
            set_gradients(weights, epoch)
            each.step()
    assert all(map(torch.equal, whole, parts))


def test_gradients_are_forgotten() -> None:
    weights = weights_of(0)
    set_gradients(weights, 0)
    AdamW(weights, **SETTINGS).zero_grad()
    assert all(weight.grad is None for weight in weights)


def test_a_training_does_not_load_the_compiler(tmp_path) -> None:
    ended = subprocess.run([sys.executable, "-c", TRAINING, tmp_path], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "['torch']"
