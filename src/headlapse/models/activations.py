"""Activations of the MLP, each with its backward pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

Backward = Callable[[Tensor], Tensor]
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_new": partial(F.gelu, approximate="tanh"),
    "silu": F.silu,
    "solu": lambda read: read * read.softmax(dim=-1),
}


def activated(act_fn: str, read: Tensor) -> tuple[Tensor, Backward]:
    """The output of the activation for `read`, and its backward pass, from the gradient of the output to that of `read`.

    Both may be overwritten.
    """
    in_place = _relu_backward() if act_fn == "relu" else None
    if in_place is not None:
        written = read.relu_()
        return written, lambda grad: in_place(grad, written, 0, grad_input=grad)
    with torch.enable_grad():
        read = read.detach().requires_grad_()
        written = ACTIVATIONS[act_fn](read)
    return written.detach(), lambda grad: torch.autograd.grad(written, read, grad)[0]


def _relu_backward() -> Callable[..., Tensor] | None:
    """PyTorch's private backward operator of a ReLU, which writes into its argument; None if there is none."""
    return getattr(getattr(torch.ops.aten, "threshold_backward", None), "grad_input", None)
