"""The axes of a product of tensors: which of them it sums over, which it keeps apart, and which belong to one factor only."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from headlapse.recording.tensors import tensors_in

MATMULS = frozenset({torch.matmul, torch.bmm, Tensor.matmul, Tensor.bmm, Tensor.__matmul__})
REVERSED = frozenset({Tensor.__rmatmul__})
ADDED = frozenset({torch.baddbmm, Tensor.baddbmm})
PRODUCTS = MATMULS | REVERSED | ADDED | {torch.einsum}


class Factor(NamedTuple):
    """A factor of a product, with one letter per axis."""

    tensor: Tensor
    letters: str


class Product(NamedTuple):
    """A product of tensors as an equation of letters, as in `einsum`."""

    factors: tuple[Factor, ...]
    result: str

    def factor(self, tensor: Tensor) -> Factor:
        """The factor that is `tensor`."""
        return next(factor for factor in self.factors if factor.tensor is tensor)

    def others(self, tensor: Tensor) -> list[Factor]:
        """The factors that are not `tensor`."""
        return [factor for factor in self.factors if factor.tensor is not tensor]

    def summed(self, tensor: Tensor) -> list[int]:
        """The axes of the factor `tensor` over which the product sums."""
        return [axis for axis, letter in enumerate(self.factor(tensor).letters) if letter not in self.result]

    def own(self, tensor: Tensor) -> list[int]:
        """The axes of the result that only the factor `tensor` has, as axes of that factor."""
        elsewhere = "".join(factor.letters for factor in self.others(tensor))
        letters = self.factor(tensor).letters
        return [axis for axis, letter in enumerate(letters) if letter in self.result and letter not in elsewhere]


def product_of(func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Product | None:
    """The product that a call computes; None for any other call, and for products with vectors."""
    if func not in PRODUCTS:
        return None
    if func is torch.einsum:
        return _of_equation(args)
    given = tensors_in((args, kwargs))[-2:] if func in ADDED else tensors_in((args, kwargs))[:2]
    if len(given) < 2 or min(each.ndim for each in given) < 2:
        return None
    left, right = reversed(given) if func in REVERSED else given
    batch = string.ascii_lowercase[: max(left.ndim, right.ndim) - 2]
    factors = tuple(
        Factor(tensor, batch[len(batch) - tensor.ndim + 2 :] + own) for tensor, own in ((left, "TS"), (right, "SD"))
    )
    return Product(factors, batch + "TD")


def _of_equation(args: Sequence[Any]) -> Product | None:
    operands = tensors_in(args[1:])
    if not isinstance(args[0], str) or len(operands) < 2:
        return None
    terms, arrow, result = args[0].replace(" ", "").partition("->")
    named = terms.split(",")
    if not arrow:
        letters = "".join(named).replace(".", "")
        result = ("..." if "..." in terms else "") + "".join(sorted(each for each in set(letters) if letters.count(each) == 1))
    unused = [letter for letter in string.printable[:62] if letter not in args[0]]
    hidden = [tensor.ndim - len(term.replace("...", "")) for tensor, term in zip(operands, named, strict=True)]
    dots = "".join(unused[: max(hidden)])
    factors = tuple(
        Factor(tensor, term.replace("...", dots[len(dots) - count :]))
        for tensor, term, count in zip(operands, named, hidden, strict=True)
    )
    return Product(factors, result.replace("...", dots))
