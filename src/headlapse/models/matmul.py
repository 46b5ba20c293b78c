"""Products of float32 matrices by the faster of the two libraries that PyTorch brings for them.

PyTorch gives such products to MKL, which chooses its kernels by the maker of the processor: on AMD it reaches
less than half the rate of oneDNN (209 against 467 GFLOP/s on two cores of an EPYC). The operator used here is the one that
PyTorch's compiler emits; it is private, so it is looked up and tried. Either way it is a product of float32, summed in another
order: a run that is continued names the library it began with. On a GPU, in float64, or where PyTorch has no such operator,
it is the usual one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

SUMMED_ROWS = 2048  # at most, in one part of a sum
ONEDNN = "onednn"
_chosen: ContextVar[str | None] = ContextVar("library of products", default=None)


def libraries() -> tuple[str, ...]:
    """Names of the libraries that this PyTorch has for products of float32, the one used by default first."""
    usual = "mkl" if torch.backends.mkl.is_available() else "blas"
    return (ONEDNN, usual) if _onednn_works() else (usual,)


@contextmanager
def products_by(library: str) -> Iterator[None]:
    """Within the block products are those of `library`, one of `libraries()`."""
    token = _chosen.set(library)
    try:
        yield
    finally:
        _chosen.reset(token)


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
    is_kind = matrix.dtype == torch.float32 and matrix.device.type == "cpu" and matrix.numel() > 0
    return is_kind and _chosen.get() in (None, ONEDNN) and _onednn_works()


def _onednn_works() -> bool:
    """Whether PyTorch has the operator, in the form that is used here."""
    operator = getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    is_there = torch.backends.mkldnn.is_available()
    return bool(operator is not None and is_there and _multiplies(operator))


@cache
def _multiplies(operator: Callable[..., Tensor]) -> bool:
    """Whether `operator` does what `_by_onednn` asks of it; another version of PyTorch may take other arguments."""
    left, right = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])
    try:
        return torch.equal(operator(left, right, None, "none", [], ""), torch.tensor([[11.0]]))
    except (RuntimeError, TypeError):
        return False
