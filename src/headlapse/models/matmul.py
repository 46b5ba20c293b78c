"""Products of float32 matrices by one of the two libraries in PyTorch that compute them.

PyTorch uses MKL for such products, which chooses its kernels by the maker of the processor: on some AMD processors it reaches
less than half the rate of oneDNN (209 against 467 GFLOP/s on two cores of an EPYC with AVX-512). The operators used here are
those that PyTorch's compiler emits; they are private, so they are looked up and tested. Both libraries compute float32
products but add in a different order, so a run records its library and keeps it when it is continued. On a GPU, in float64,
for several models at once, or if PyTorch has no such operator, the usual product is used.

`training.fastest_products` measures which is faster on a machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

SUMMED_ROWS, SUMMED_COLUMNS = 2048, 128  # at most, in one part of a sum
ONEDNN = "onednn"
_chosen: ContextVar[str | None] = ContextVar("library of products", default=None)
Left = Float[Tensor, "model rows inner"]
Right = Float[Tensor, "model inner columns"]
Product = Float[Tensor, "model rows columns"]


def libraries() -> tuple[str, ...]:
    """Names of the libraries that this PyTorch has for products of float32."""
    usual = "mkl" if torch.backends.mkl.is_available() else "blas"
    return (ONEDNN, usual) if _onednn_works() else (usual,)


@contextmanager
def products_by(library: str) -> Iterator[None]:
    """Within the block, products are computed by `library`, one of `libraries()`."""
    token = _chosen.set(library)
    try:
        yield
    finally:
        _chosen.reset(token)


def product(left: Left, right: Right) -> Product:
    """`left @ right`. Either may be a transposed view or a slice of wider rows."""
    return _by_onednn(left[0], right[0])[None] if _onednn_takes(left) else left @ right


def product_onto(addend: Product, left: Left, right: Right) -> Product:
    """`addend + left @ right`; the addend may be overwritten."""
    return _by_onednn_onto(addend[0], left[0], right[0])[None] if _onednn_takes(left) else addend.baddbmm_(left, right)


def product_onto_in_parts(addend: Product, left: Left, right: Right) -> Product:
    """The same, summed in parts, which halves the rounding error. oneDNN sums in one chain; MKL already sums in parts."""
    if not _onednn_takes(left):
        return addend.baddbmm_(left, right)
    parts = zip(left[0].split(SUMMED_COLUMNS, dim=1), right[0].split(SUMMED_COLUMNS), strict=True)
    return reduce(lambda total, part: _by_onednn_onto(total, part[0].contiguous(), part[1]), parts, addend[0])[None]


def summed_over_rows(left: Float[Tensor, "model rows inner"], right: Float[Tensor, "model rows columns"]) -> Right:
    """`left.mT @ right`, without copying `left`, the larger matrix, and summed in parts, which rounds less.

    Its transpose is computed, which is faster with both libraries.
    """
    if not _onednn_takes(left):
        return (right.mT @ left).mT
    n_parts = math.ceil(left.shape[1] / SUMMED_ROWS)
    parts = zip(left[0].chunk(n_parts), right[0].chunk(n_parts), strict=True)
    return reduce(torch.Tensor.add_, (_by_onednn(of_right.T, of_left) for of_left, of_right in parts)).T[None]


def _by_onednn(left: Float[Tensor, "rows inner"], right: Float[Tensor, "inner columns"]) -> Float[Tensor, "rows columns"]:
    found: Tensor = _linear()(left, _columns(right), None, "none", [], "")
    return found


def _by_onednn_onto(addend: Tensor, left: Tensor, right: Tensor) -> Float[Tensor, "rows columns"]:
    found: Tensor = _linear().binary(left, addend, _columns(right), None, "add")
    return found


def _columns(right: Float[Tensor, "inner columns"]) -> Float[Tensor, "columns inner"]:
    """A matrix that oneDNN multiplies fast. Slices of wider rows are copied: oneDNN is hundreds of times slower with them."""
    dense = right if right.is_contiguous() or right.T.is_contiguous() else right.contiguous()
    return dense.T


def _onednn_takes(matrix: Left) -> bool:
    is_kind = matrix.dtype == torch.float32 and matrix.device.type == "cpu" and matrix.numel() > 0 and len(matrix) == 1
    return is_kind and _chosen.get() in (None, ONEDNN) and _onednn_works()


def _onednn_works() -> bool:
    """Whether PyTorch has the operators in the form that is used here."""
    return torch.backends.mkldnn.is_available() and _linear() is not None and _multiplies(_linear())


def _linear() -> Any:
    return getattr(torch.ops.mkldnn, "_linear_pointwise", None)


@cache
def _multiplies(operator: Any) -> bool:
    """Whether `operator` computes the product here; another version of PyTorch may take other arguments."""
    left, right, addend = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([[5.0]])
    try:
        plain, onto = operator(left, right, None, "none", [], ""), operator.binary(left, addend, right, None, "add")
    except (AttributeError, RuntimeError, TypeError):
        return False
    return torch.equal(plain, torch.tensor([[11.0]])) and torch.equal(onto, torch.tensor([[16.0]]))
