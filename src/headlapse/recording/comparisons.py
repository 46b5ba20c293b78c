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
PAIRING = frozenset(
    {
        *("add", "sub", "mul", "__add__", "__sub__", "__mul__", "__radd__", "__rsub__", "__rmul__"),
        *("cat", "concat", "concatenate"),
    }
)
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

        Returns whether scores multiply anything else, as in attention without a softmax. What looked like scores may also have
        been queries or keys, e.g. scaled by head, so that this product compares them.
        """
        left, right = product.factors[0], product.factors[-1]
        scores = [each.tensor for each in product.factors if self.is_cross(each.tensor) is not None]
        if scores and all(each.tensor.ndim < LEAST_AXES for each in product.others(scores[0])):
            if isinstance(result, Tensor) and result.ndim > LEAST_AXES:
                self._add(result, bool(self.is_cross(scores[0])))
            return False
        if isinstance(result, Tensor) and result.ndim >= LEAST_AXES and _compares(product, left, right):
            self._add(result, self._stack.is_cross(left.tensor, right.tensor))
        return bool(scores)

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
    """Whether each of two activations varies along an axis along which the other does not.

    The first axis, that of the inputs, does not count. A tensor that was expanded does not vary along that axis.
    """
    if len(given) != 2 or any(each.ndim < LEAST_AXES or isinstance(each, nn.Parameter) for each in given):
        return False
    axes = range(1 - result.ndim, 0)
    if any(each.ndim < len(axes) for each in given):
        return False
    one, other = ({axis for axis in axes if each.shape[axis] > 1 and each.stride(axis) > 0} for each in given)
    return not one <= other and not other <= one
