"""Products by oneDNN are products: of any views, in values and gradients, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from headlapse.models import matmul as products
from headlapse.models.matmul import product

VIEWS: dict[str, Callable[[Tensor], Tensor]] = {
    "whole": lambda matrix: matrix,
    "transposed": lambda matrix: matrix.T.contiguous().T,
    "cut from wider rows": lambda matrix: torch.cat([matrix, matrix], dim=1)[:, : matrix.shape[1]],
    "cut and transposed": lambda matrix: torch.cat([matrix.T, matrix.T], dim=1)[:, : matrix.shape[0]].T,
    "every other row": lambda matrix: matrix.repeat_interleave(2, dim=0)[::2],
}
ROWS = 2 * products.SUMMED_ROWS + 7

needs_onednn = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="PyTorch was built without oneDNN")


def distinct(rows: int, columns: int, dtype: torch.dtype = torch.float32) -> Tensor:
    generator = torch.Generator().manual_seed(rows * columns)
    return torch.randn(rows, columns, generator=generator, dtype=dtype)


@pytest.fixture
def multiplied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[torch.Size, torch.Size]]:
    """The shapes that oneDNN has been given."""
    calls: list[tuple[torch.Size, torch.Size]] = []
    original = products._by_onednn

    def counted(left: Tensor, right: Tensor) -> Tensor:
        calls.append((left.shape, right.shape))
        return original(left, right)

    monkeypatch.setattr(products, "_by_onednn", counted)
    return calls


@pytest.mark.parametrize("of_right", VIEWS)
@pytest.mark.parametrize("of_left", VIEWS)
def test_values_and_gradients_are_those_of_float64(of_left: str, of_right: str) -> None:
    left, right, grad = distinct(ROWS, 24), distinct(24, 40), distinct(ROWS, 40)
    ours = [VIEWS[of_left](left).detach().requires_grad_(), VIEWS[of_right](right).detach().requires_grad_()]
    theirs = [left.double().requires_grad_(), right.double().requires_grad_()]
    found, expected = product(*ours), theirs[0] @ theirs[1]
    found.backward(grad)
    expected.backward(grad.double())
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)
    for matrix, exact in zip(ours, theirs, strict=True):
        torch.testing.assert_close(matrix.grad.double(), exact.grad, rtol=1e-5, atol=2e-4)


@needs_onednn
def test_float32_goes_to_onednn_and_nothing_else(multiplied: list, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = distinct(6, 4).requires_grad_(), distinct(4, 5).requires_grad_()
    product(left, right).sum().backward()
    assert multiplied == [((6, 4), (4, 5)), ((6, 5), (5, 4)), ((5, 6), (6, 4))]
    del multiplied[:]
    product(left.double(), right.double())
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    product(left, right)
    assert multiplied == []


def test_of_no_inputs_there_is_no_gradient() -> None:
    left, right = distinct(0, 4).requires_grad_(), distinct(4, 5).requires_grad_()
    product(left, right).sum().backward()
    assert left.grad.shape == (0, 4) and torch.equal(right.grad, torch.zeros(4, 5))


class Operators:
    """PyTorch's operators of oneDNN, but for what a version lacks or has changed."""

    def __init__(self, **operators: object) -> None:
        self.__dict__ |= operators


def of_other_arguments(left: Tensor, right: Tensor, activation: str) -> Tensor:
    return left @ right.T


def without_kernel(*arguments: object) -> Tensor:
    raise NotImplementedError("there is no kernel for the backend CPU")


def of_other_meaning(left: Tensor, right: Tensor, *arguments: object) -> Tensor:
    return left + right


@pytest.mark.parametrize("operator", [None, of_other_arguments, without_kernel, of_other_meaning])
def test_without_the_private_operator_products_are_the_usual_ones(
    operator: Callable[..., Tensor] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {} if operator is None else {"_linear_pointwise": operator}
    monkeypatch.setattr(torch.ops, "mkldnn", Operators(**there))
    left, right = distinct(6, 4).requires_grad_(), distinct(4, 5).requires_grad_()
    found = product(left, right)
    found.sum().backward()
    assert torch.equal(found, left @ right) and torch.equal(left.grad, torch.ones(6, 5) @ right.T)
    assert products.ONEDNN not in products.libraries() and len(products.libraries()) == 1


@needs_onednn
def test_a_run_names_its_library(multiplied: list) -> None:
    left, right = distinct(6, 4), distinct(4, 5)
    _, usual = products.libraries()
    with products.products_by(usual):
        product(left, right)
        with products.products_by(products.ONEDNN):
            product(left, right)
        product(left, right)
    assert len(multiplied) == 1
    product(left, right)
    assert len(multiplied) == 2, "by default it is oneDNN"
