"""Cross-entropy and its gradient, computed in float32 as accurately as the logits.

If the right answer has nearly all of the probability, p rounds to 1 in float32, and -log p to 0. The loss is therefore computed
from the sum q of the other probabilities, as -log(1 - q), and the gradient at the right answer is -q. Float32 represents q down
to 1e-38. If that is not enough, and on a GPU, where checking would stall, the same is done in float64.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

LEAST = 1e-30  # probability above which float32 has room for much smaller ones

Logits = Float[Tensor, "model inputs vocab"]
Labels = Int[Tensor, "model inputs"]
Losses = Float[Tensor, " model"]


class Terms(NamedTuple):
    """For every input: the log probability of the right answer, float64, and all probabilities, but 0 at the right answer."""

    log_right: Float[Tensor, "model inputs 1"]
    others: Float[Tensor, "model inputs vocab"]
    all_others: Float[Tensor, "model inputs 1"]


def cross_entropy(logits: Float[Tensor, "inputs vocab"], labels: Int[Tensor, " inputs"]) -> Float[Tensor, ""]:
    """Mean cross-entropy from float64 log-softmax, differentiable."""
    log_probabilities = logits.double().log_softmax(dim=-1)
    return -log_probabilities.gather(dim=-1, index=labels[:, None]).mean()


def mean_losses(logits: Logits, labels: Labels) -> Losses:
    """Mean cross-entropy of every model in nats, float64."""
    return -_terms(logits, labels[..., None]).log_right.mean(dim=(1, 2))


def losses_and_gradient(logits: Logits, labels: Labels) -> tuple[Losses, Logits]:
    """Mean cross-entropy of every model in nats, float64, and the gradient of the logits, in their dtype."""
    right = labels[..., None]
    log_right, others, all_others = _terms(logits, right)
    gradient = others.scatter_(-1, right, -all_others).mul_(1 / labels.shape[1])
    return -log_right.mean(dim=(1, 2)), gradient.to(logits.dtype)


def _terms(logits: Logits, right: Int[Tensor, "model inputs 1"]) -> Terms:
    """In float32 if its range suffices, otherwise in float64."""
    if not logits.is_cuda:
        probabilities = logits.softmax(dim=-1)
        of_right = probabilities.gather(-1, right)
        found = _terms_of(probabilities, of_right.double().log(), right)
        if _has_room(of_right, found.all_others):
            return found
    exact = logits.double()
    return _terms_of(exact.softmax(dim=-1), exact.log_softmax(dim=-1).gather(-1, right), right)


def _terms_of(others: Float[Tensor, "model inputs vocab"], log_far: Tensor, right: Int[Tensor, "model inputs 1"]) -> Terms:
    """From all probabilities, which are overwritten, and the log probability of answers that are far from certain."""
    all_others = others.scatter_(-1, right, 0).sum(dim=-1, keepdim=True)
    return Terms(torch.where(all_others < 0.5, torch.log1p(-all_others.double()), log_far), others, all_others)


def _has_room(of_right: Tensor, all_others: Tensor) -> bool:
    """Whether float32 can represent the probability of each right answer, and that of all wrong ones together."""
    return bool((of_right > LEAST).all()) and bool((all_others > LEAST).any())
