"""Products by oneDNN are products: of any views, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from headlapse.models import matmul as products
from headlapse.models.matmul import product, product_onto, product_onto_in_parts, summed_over_rows

VIEWS: dict[str, Callable[[Tensor], Tensor]] = {
    "whole": lambda matrix: matrix,
    "transposed": lambda matrix: matrix.T.contiguous().T,
    "cut from wider rows": lambda matrix: torch.cat([matrix, matrix], dim=1)[:, : matrix.shape[1]],
    "cut and transposed": lambda matrix: torch.cat([matrix.T, matrix.T], dim=1)[:, : matrix.shape[0]].T,
    "every other row": lambda matrix: matrix.repeat_interleave(2, dim=0)[::2],
}
ROWS, INNER = 2 * products.SUMMED_ROWS + 7, 2 * products.SUMMED_COLUMNS + 5

needs_onednn = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="PyTorch was built without oneDNN")


def distinct(rows: int, columns: int) -> Tensor:
    generator = torch.Generator().manual_seed(rows * columns)
    return torch.randn(1, rows, columns, generator=generator)


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


@pytest.mark.parametrize("library", products.libraries())
@pytest.mark.parametrize("of_right", VIEWS)
@pytest.mark.parametrize("of_left", VIEWS)
def test_values_are_those_of_float64(of_left: str, of_right: str, library: str) -> None:
    left, right, addend = distinct(ROWS, INNER), distinct(INNER, 40), distinct(ROWS, 40)
    exact = left.double() @ right.double()
    left, right = VIEWS[of_left](left[0])[None], VIEWS[of_right](right[0])[None]
    with products.products_by(library):
        torch.testing.assert_close(product(left, right).double(), exact, rtol=1e-5, atol=1e-4)
        for onto in (product_onto, product_onto_in_parts):
            torch.testing.assert_close(onto(addend.clone(), left, right).double(), exact + addend, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("library", products.libraries())
@pytest.mark.parametrize("of_right", VIEWS)
@pytest.mark.parametrize("of_left", VIEWS)
def test_sums_over_rows_are_those_of_float64(of_left: str, of_right: str, library: str) -> None:
    left, right = distinct(ROWS, 24), distinct(ROWS, 40)
    exact = left.double().mT @ right.double()
    with products.products_by(library):
        found = summed_over_rows(VIEWS[of_left](left[0])[None], VIEWS[of_right](right[0])[None])
    torch.testing.assert_close(found.double(), exact, rtol=1e-5, atol=2e-4)


def test_several_models_are_multiplied_one_by_one() -> None:
    left, right, addend = (torch.randn(3, *shape) for shape in ((6, 4), (4, 5), (6, 5)))
    for number in range(3):
        one = (each[number : number + 1] for each in (addend, left, right))
        torch.testing.assert_close(product_onto(addend.clone(), left, right)[number], product_onto(*one)[0])
        torch.testing.assert_close(product(left, right)[number], left[number] @ right[number])
        torch.testing.assert_close(summed_over_rows(left, addend)[number], left[number].T @ addend[number])


@needs_onednn
def test_float32_goes_to_onednn_and_nothing_else(multiplied: list, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = distinct(6, 4), distinct(4, 5)
    product(left, right), summed_over_rows(left, distinct(6, 5))
    assert multiplied == [((6, 4), (4, 5)), ((5, 6), (6, 4))]
    del multiplied[:]
    product(left.double(), right.double()), product(left.repeat(2, 1, 1), right.repeat(2, 1, 1))
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    product(left, right)
    assert multiplied == []


def test_products_of_no_inputs_are_empty_or_zero() -> None:
    left, right = distinct(0, 4), distinct(4, 5)
    assert product(left, right).shape == (1, 0, 5)
    assert torch.equal(summed_over_rows(left, distinct(0, 5)), torch.zeros(1, 4, 5))


class Operator:
    """PyTorch's operator of oneDNN, but for what a version lacks or has changed."""

    def __init__(self, plain: Callable[..., Tensor], **onto: Callable[..., Tensor]) -> None:
        self._plain = plain
        self.__dict__ |= onto

    def __call__(self, *arguments: object) -> Tensor:
        return self._plain(*arguments)


def right_meaning(left: Tensor, right: Tensor, *arguments: object) -> Tensor:
    return left @ right.T


def of_other_arguments(left: Tensor, right: Tensor, activation: str) -> Tensor:
    return left @ right.T


def without_kernel(*arguments: object) -> Tensor:
    raise NotImplementedError("there is no kernel for the backend CPU")


def of_other_meaning(left: Tensor, right: Tensor, *arguments: object) -> Tensor:
    return left + right


@pytest.mark.parametrize(
    "operator",
    [
        None,
        Operator(of_other_arguments),
        Operator(without_kernel),
        Operator(of_other_meaning),
        Operator(right_meaning),
        Operator(right_meaning, binary=without_kernel),
        Operator(right_meaning, binary=of_other_meaning),
    ],
)
def test_without_the_private_operator_products_are_the_usual_ones(
    operator: Operator | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Operators:
        def __init__(self) -> None:
            if operator is not None:
                self._linear_pointwise = operator

    monkeypatch.setattr(torch.ops, "mkldnn", Operators())
    left, right, addend = distinct(6, 4), distinct(4, 5), distinct(6, 5)
    assert torch.equal(product(left, right), left @ right)
    for onto in (product_onto, product_onto_in_parts):
        assert torch.equal(onto(addend.clone(), left, right), torch.baddbmm(addend, left, right))
    assert torch.equal(summed_over_rows(left, addend), left.mT @ addend)
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
