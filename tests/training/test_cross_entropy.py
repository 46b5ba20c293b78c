"""Loss and gradient from float32 logits, however sure or wrong the model is."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from headlapse.training import cross_entropy as module
from headlapse.training.cross_entropy import cross_entropy, losses_and_gradient, mean_losses

N, VOCAB = 40, 11


def logits_of(sureness: float, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    """Two models, of which the right answers lead by about `sureness`."""
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(2, N, VOCAB, generator=generator, dtype=dtype)
    labels = torch.randint(VOCAB, (2, N), generator=generator)
    return logits.scatter_add(-1, labels[..., None], torch.full((2, N, 1), sureness, dtype=dtype)), labels


def exactly(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """From what each other answer lags behind, without a difference of nearly equal numbers."""
    logits, right = logits.double(), labels[..., None]
    lags = (logits - logits.gather(-1, right)).scatter(-1, right, -math.inf)
    losses = torch.nn.functional.softplus(lags.logsumexp(dim=-1))
    others = torch.exp(lags - losses[..., None])
    gradient = others.scatter(-1, right, -others.sum(dim=-1, keepdim=True)) / labels.shape[1]
    return losses.mean(dim=-1), gradient


@pytest.mark.parametrize("sureness", [-1000.0, -90.0, -60.0, -3.0, 0.0, 1.0, 15.0, 20.0, 40.0, 65.0, 90.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_loss_and_gradient_are_exact(sureness: float, dtype: torch.dtype) -> None:
    logits, labels = logits_of(sureness, dtype)
    expected, gradient = exactly(logits, labels)
    losses, found = losses_and_gradient(logits.clone(), labels)
    digits = 1e-5 if dtype is torch.float32 else 1e-12  # exp of a rounded difference of 65
    assert losses.dtype == torch.float64 and found.dtype == dtype
    torch.testing.assert_close(losses, expected, rtol=digits, atol=0)
    torch.testing.assert_close(found.double(), gradient, rtol=digits, atol=1e-38)
    assert torch.equal(mean_losses(logits, labels), losses)


def test_it_is_the_gradient_of_the_plain_loss() -> None:
    logits, labels = logits_of(1.0, torch.float64)
    leaf = logits[1].requires_grad_()
    loss = cross_entropy(leaf, labels[1])
    (expected,) = torch.autograd.grad(loss, leaf)
    losses, found = losses_and_gradient(logits.detach(), labels)
    torch.testing.assert_close(losses[1], loss.detach())
    torch.testing.assert_close(found[1], expected)


def test_float64_is_taken_only_where_float32_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[bool] = []
    has_room = module._has_room
    monkeypatch.setattr(module, "_has_room", lambda *terms: found.append(has_room(*terms)) or found[-1])
    for sureness in (-90.0, -3.0, 20.0, 90.0):
        mean_losses(*logits_of(sureness))
    assert found == [False, True, True, False]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_diverged_is_no_number(value: float) -> None:
    logits, labels = logits_of(1.0)
    logits[1, 3, 2] = value
    losses, _ = losses_and_gradient(logits, labels)
    assert losses[0].isfinite() and losses[1].isnan()


def test_of_no_inputs_there_is_no_loss() -> None:
    assert mean_losses(torch.zeros(1, 0, 3), torch.zeros(1, 0, dtype=torch.int64)).isnan().all()
