"""Follow scores: tensors in which two sequences were compared, position by position. Their softmax may be attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from headlapse.recording.call_stack import CallStack, Sources
from headlapse.recording.following import OF_ONE
from headlapse.recording.products import Factor, Product
from headlapse.recording.tensors import name_of, tensors_in

LEAST_AXES = 3  # of what is compared: a product with a matrix is a layer
PAIRING = frozenset(
    {
        *("add", "sub", "mul", "__add__", "__sub__", "__mul__", "__radd__", "__rsub__", "__rmul__"),
        *("cat", "concat", "concatenate"),
    }
)
LAYERS = frozenset({F.linear, F.conv1d, torch.conv1d, F.layer_norm, F.embedding, F.group_norm, F.batch_norm})


EXPONENTIALS = frozenset({"exp", "exp_", "exp2"})
SUMS = frozenset({"sum", "logsumexp"})
LARGEST = frozenset({"max", "amax"})
SHORTER = frozenset({"squeeze", "select", "view", "reshape", "flatten", "__getitem__"})  # that may leave out an axis
LIKE = frozenset({"expand_as", "view_as", "reshape_as"})  # whose second tensor only gives a shape
SUBTRACTIONS = frozenset({"sub", "sub_", "subtract", "__sub__", "__isub__"})
DIVISIONS = frozenset({"div", "div_", "divide", "true_divide", "__truediv__", "__itruediv__"})


class Compared(NamedTuple):
    """What is known of scores: the comparison that gave them, whether two sequences differ, and the sources of both.

    `is_exp` for exponentials of scores, `total` names the function that summed them over positions, or took their largest, and
    `less` is the axis of positions of scores less their `logsumexp`.
    """

    number: int
    is_cross: bool
    sources: Sources
    is_exp: bool = False
    total: str = ""
    less: int | None = None


class Comparisons:
    """The scores that are alive, and `unread`: the modules in which scores multiply anything else, without a softmax."""

    def __init__(self, stack: CallStack) -> None:
        self.unread: dict[int, str] = {}
        self._stack = stack
        self._alive: WeakValueDictionary[int, Tensor] = WeakValueDictionary()
        self._known: dict[int, Compared] = {}
        self._numbers = count()

    def of(self, scores: Tensor) -> Compared | None:
        """The comparison of two sequences that `scores` holds; None if there was none."""
        return self._known[id(scores)] if self._alive.get(id(scores)) is scores else None

    def add(self, product: Product, result: object) -> None:
        """Remember the result of a product of activations; of scores and a matrix, which mixes their heads.

        Scores that multiply anything else are unread, as in attention without a softmax. What looked like scores may also have
        been queries or keys, e.g. scaled by head, so that this product compares them.
        """
        left, right = _sides(product)
        scores = [(each.tensor, known) for each in product.factors if (known := self.of(each.tensor)) is not None]
        if scores and all(each.tensor.ndim < LEAST_AXES for each in product.others(scores[0][0])):
            if isinstance(result, Tensor) and result.ndim > LEAST_AXES:
                self._add(result, scores[0][1])
            return
        number = next(self._numbers)
        if scores:
            self.unread[number] = self._stack.top.name
        if isinstance(result, Tensor) and _compares(product, left, right):
            self._add(result, self._compared(number, left.tensor, right.tensor))

    def read(self, compared: Compared) -> None:
        """These scores have a softmax: their product is one of queries and keys."""
        self.unread.pop(compared.number, None)

    def follow(self, func: Callable[..., Any], result: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Remember what a call makes of scores, or of two sequences that it broadcasts against each other."""
        given, name = tensors_in((args, kwargs)), name_of(func)
        known = [found for each in given if (found := self.of(each)) is not None]
        if not known and name in PAIRING and isinstance(result, Tensor) and _pairs(given, result):
            known = [self._compared(next(self._numbers), *given)]
        if not known:
            return
        now = known[0]._replace(
            is_exp=known[0].is_exp or name in EXPONENTIALS,
            total=_total(name, known),
            less=self._summed(given, "logsumexp") if name in SUBTRACTIONS else None,
        )
        of_one = bool(now.total) or name in SHORTER or any(each.ndim == OF_ONE for each in given if self.of(each) is not None)
        for each in tensors_in(result):
            if each.ndim >= (OF_ONE if of_one else LEAST_AXES) + (func in LAYERS):
                self._add(each, now)

    def normalized(self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> int | None:
        """The axis of positions if a call divides exponentials of scores by their sum, which is a softmax; else None."""
        given, name = tensors_in((args, kwargs)), name_of(func)
        scores = self.of(given[0]) if given else None
        if scores is None:
            return None
        if name in EXPONENTIALS:
            return scores.less
        return self._summed(given, "sum") if name in DIVISIONS and scores.is_exp else None

    def _summed(self, given: Sequence[Tensor], how: str) -> int | None:
        """The axis over which the second of two tensors is a sum of the same scores as in the first."""
        if len(given) != 2 or given[0].ndim != given[1].ndim:
            return None
        one, other = (self.of(each) for each in given)
        if one is None or other is None or one.number != other.number or one.total or other.total != how:
            return None
        sizes = zip(given[0].shape, given[1].shape, given[1].stride(), strict=True)
        axes = [axis for axis, (size, summed, stride) in enumerate(sizes) if size > 1 and (summed == 1 or stride == 0)]
        return axes[0] if len(axes) == 1 else None

    def _compared(self, number: int, left: Tensor, right: Tensor) -> Compared:
        return Compared(number, self._stack.is_cross(left, right), self._stack.sources(left, right))

    def _add(self, scores: Tensor, compared: Compared) -> None:
        self._alive[id(scores)] = scores
        self._known[id(scores)] = compared


def _total(name: str, known: Sequence[Compared]) -> str:
    """The function that made one number of all positions. A sum plus the largest, as in a softmax with a one, is a sum."""
    if name in SUMS | LARGEST:
        return name
    if name in LIKE or all(each.total for each in known):
        return next((each.total for each in known if each.total in SUMS), known[0].total)
    return ""


def _sides(product: Product) -> tuple[Factor, Factor]:
    """The two factors that are compared; a learned matrix may be between them. The same one twice if there are others."""
    activations = [each for each in product.factors if not isinstance(each.tensor, nn.Parameter)]
    sides = activations if len(activations) == 2 else product.factors
    return (sides[0], sides[-1]) if len(sides) == 2 else (sides[0], sides[0])


def _compares(product: Product, left: Factor, right: Factor) -> bool:
    """Whether the last axis of the result, over which a softmax usually runs, is one of activations; queries may be learned.

    There may be one query for each input, without an axis of positions.
    """
    if left is right:
        return False
    if len(product.result) == OF_ONE:  # one query for each input
        ndims, feature = {left.tensor.ndim, right.tensor.ndim}, left.letters[-1]
        is_of_features = feature == right.letters[-1] and feature not in product.result
        return is_of_features and ndims == {OF_ONE, LEAST_AXES} and product.result[0] in set(left.letters) & set(right.letters)
    return len(product.result) >= LEAST_AXES and all(
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
