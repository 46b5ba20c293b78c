"""Follow scores: tensors in which two sequences were compared, position by position. Their softmax may be attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from headlapse.recording.call_stack import CallStack
from headlapse.recording.products import Factor, Product
from headlapse.recording.tensors import name_of, tensors_in

LEAST_AXES = 3  # of weights, scores, and what is compared: a product with a matrix is a layer
PAIRING = frozenset({"add", "sub", "mul", "__add__", "__sub__", "__mul__", "__radd__", "__rsub__", "__rmul__"})
LAYERS = frozenset({F.linear, F.conv1d, torch.conv1d, F.layer_norm, F.embedding, F.group_norm, F.batch_norm})


class Comparisons:
    """The scores that are alive, and for each whether the two sequences differ."""

    def __init__(self, stack: CallStack) -> None:
        self._stack = stack
        self._alive: WeakValueDictionary[int, Tensor] = WeakValueDictionary()
        self._is_cross: dict[int, bool] = {}

    def is_cross(self, scores: Tensor) -> bool | None:
        """Whether two sequences were compared in `scores`; None if nothing was."""
        return self._is_cross[id(scores)] if self._alive.get(id(scores)) is scores else None

    def add(self, product: Product, result: object) -> bool:
        """Remember the result of a product of activations; of scores and a matrix, which mixes their heads.

        Returns whether scores multiply anything else, as in attention without a softmax.
        """
        left, right = product.factors[0], product.factors[-1]
        scores = [each.tensor for each in product.factors if self.is_cross(each.tensor) is not None]
        if scores:
            is_mixed = all(each.tensor.ndim < LEAST_AXES for each in product.others(scores[0]))
            if is_mixed and isinstance(result, Tensor) and result.ndim > LEAST_AXES:
                self._add(result, bool(self.is_cross(scores[0])))
            return not is_mixed
        if isinstance(result, Tensor) and result.ndim >= LEAST_AXES and _compares(product, left, right):
            self._add(result, self._stack.is_cross(left.tensor, right.tensor))
        return False

    def follow(self, func: Callable[..., Any], result: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Remember what a call makes of scores, or of two sequences that it broadcasts against each other."""
        given = tensors_in((args, kwargs))
        known = next((found for each in given if (found := self.is_cross(each)) is not None), None)
        if known is None and name_of(func) in PAIRING and isinstance(result, Tensor) and _pairs(given, result):
            known = self._stack.is_cross(*given)
        if known is None:
            return
        for each in tensors_in(result):
            if each.ndim >= LEAST_AXES + (func in LAYERS):
                self._add(each, known)

    def _add(self, scores: Tensor, is_cross: bool) -> None:
        self._alive[id(scores)] = scores
        self._is_cross[id(scores)] = is_cross


def _compares(product: Product, left: Factor, right: Factor) -> bool:
    """Whether the last axis of the result, over which a softmax usually runs, is one of activations; queries may be learned."""
    if len(product.factors) != 2:
        return False
    return all(
        product.result[-1] not in each.letters if isinstance(each.tensor, nn.Parameter) else each.tensor.ndim >= LEAST_AXES
        for each in (left, right)
    )


def _pairs(given: Sequence[Tensor], result: Tensor) -> bool:
    """Whether each of two activations is repeated along an axis of the other, other than the first: the axis of the inputs."""
    if len(given) != 2 or any(each.ndim < LEAST_AXES or isinstance(each, nn.Parameter) for each in given):
        return False
    one, other = (each.shape[1 - result.ndim :] for each in given)
    if len(one) != len(other):
        return False
    sizes = list(zip(one, other, strict=True))
    return any(a == 1 < b for a, b in sizes) and any(b == 1 < a for a, b in sizes)
