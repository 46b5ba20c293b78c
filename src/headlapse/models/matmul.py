"""Products of float32 matrices by the faster of the two libraries that PyTorch brings for them.

PyTorch gives such products to MKL, which chooses its kernels by the maker of the processor: on AMD it reaches
less than half the rate of oneDNN (209 against 467 GFLOP/s on two cores of an EPYC). The operator used here is the one that
PyTorch's compiler emits. Either way it is a product of float32, summed in another order. On a GPU, in float64, or where
PyTorch was built without oneDNN, it is the usual one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

SUMMED_ROWS = 2048  # at most, in one part of a sum


def product(left: Float[Tensor, "rows inner"], right: Float[Tensor, "inner columns"]) -> Float[Tensor, "rows columns"]:
    """`left @ right`, differentiable once in both. Either may be a view, transposed or cut from wider rows."""
    if not _onednn_takes(left):
        return left @ right
    multiply: Callable[[Tensor, Tensor], Tensor] = _Product.apply
    return multiply(left, right)


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, left: Tensor, right: Tensor) -> Tensor:
        ctx.save_for_backward(left, right)
        return _by_onednn(left, right)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
        left, right = ctx.saved_tensors
        return _by_onednn(grad, right.T), _summed_over_rows(left, grad)


def _summed_over_rows(left: Tensor, grad: Tensor) -> Tensor:
    """`left.T @ grad`, written so that the larger matrix, `left`, stays where it is, and summed in parts, which rounds less."""
    n_parts = math.ceil(len(left) / SUMMED_ROWS)
    parts = zip(left.chunk(n_parts), grad.chunk(n_parts), strict=True)
    return reduce(torch.Tensor.add_, (_by_onednn(grads.T, rows) for rows, grads in parts)).T


def _by_onednn(left: Tensor, right: Tensor) -> Tensor:
    dense = right if right.is_contiguous() or right.T.is_contiguous() else right.contiguous()
    # for other strides oneDNN has a reference implementation alone, hundreds of times slower
    found: Tensor = torch.ops.mkldnn._linear_pointwise(left, dense.T, None, "none", [], "")
    return found


def _onednn_takes(matrix: Tensor) -> bool:
    is_there = torch.backends.mkldnn.is_available()
    return is_there and matrix.dtype == torch.float32 and matrix.device.type == "cpu" and matrix.numel() > 0
