"""Follow a softmax through views and cell-by-cell changes to the product in which it, or what it became, multiplies values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from headlapse.recording.call_stack import Call, Sources
from headlapse.recording.products import Product
from headlapse.recording.tensors import name_of

SAME = frozenset(  # names of functions that keep the values
    {
        *("to", "type", "type_as", "float", "half", "bfloat16", "double", "contiguous", "clone", "detach"),
        *("nan_to_num", "nan_to_num_", "cpu", "cuda"),
    }
)
VIEWS = frozenset(  # that keep the values, or some of them, under other axes
    {
        *("view", "reshape", "flatten", "unflatten", "permute", "transpose", "swapaxes", "swapdims", "movedim"),
        *("moveaxis", "squeeze", "unsqueeze", "expand", "expand_as", "view_as", "reshape_as", "T", "mT", "H", "mH"),
        *("__getitem__", "chunk", "split", "tensor_split", "unbind", "narrow", "select"),
    }
)
CHANGES = frozenset(  # that change the values and keep the axes
    {
        *("mul", "mul_", "__mul__", "__rmul__", "__imul__", "multiply", "div", "div_", "__truediv__", "__itruediv__"),
        *("divide", "true_divide", "add", "add_", "__add__", "__radd__", "__iadd__", "sub", "sub_", "__sub__"),
        *("__rsub__", "__isub__", "masked_fill", "masked_fill_", "where", "tril", "tril_", "triu", "triu_", "clamp"),
        *("clamp_", "clamp_min", "clamp_min_", "relu", "relu_", "pow", "__pow__", "exp", "normalize", "scatter"),
        *("scatter_", "masked_scatter", "index_fill", "__setitem__"),
    }
)
SPREADS = frozenset({"scatter", "scatter_"})  # that put the weights of some positions among zeros
NORMALIZATIONS = frozenset({"div", "div_", "__truediv__", "__itruediv__", "divide", "true_divide", "normalize"})
SUM_TOLERANCE = 1e-2
OF_ONE = 2  # axes of the weights of one query, which have none for the queries
DROPOUTS = frozenset(  # that are skipped
    {
        *("dropout", "dropout_", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_dropout"),
    }
)


@dataclass
class Softmax:
    """A softmax of scores: where it was computed, whether a row is no number though not masked, whether it was changed."""

    call: Call
    place: int  # among all calls
    broken: Tensor
    builds_on: frozenset[int]  # the places of earlier attention
    sources: Sources  # of the queries and keys
    is_changed: bool = False
    read: Tensor | None = None  # the part that multiplied values, if some positions to attend to were left out
    kept: list[Tensor] = field(default_factory=list)  # kept alive, so that no other tensor gets the same id
    positions: int = 0  # to attend to

    def is_cut(self, weights: Tensor, from_: int) -> bool:
        """Whether some positions to attend to are left out."""
        return weights.shape[from_] < self.positions


@dataclass(frozen=True)
class Followed:
    """A tensor that shows the weights `base`, whose axis `from_` sums over positions.

    `shadow` holds no values: it is `base` without memory, after the same views, so that its strides tell its axes.
    """

    softmax: Softmax
    base: Tensor
    from_: int
    shadow: Tensor

    @classmethod
    def at(cls, softmax: Softmax, base: Tensor, from_: int) -> Followed:
        """The weights themselves, before any view. Those of one query get an axis for it."""
        from_ %= base.ndim
        if base.ndim > OF_ONE:
            return cls(softmax, base, from_, torch.empty(base.shape, device="meta"))
        with_query = base.unsqueeze(1)
        return cls(softmax, with_query, 2 * from_, torch.empty(with_query.shape, device="meta").squeeze(1))

    def through(self, func: Callable[..., Any], tensor: Tensor, result: Any, args: Sequence[Any], kwargs: Any) -> list[Any]:
        """Pairs of a tensor in `result` and what it shows, after a call on `tensor`, which shows this."""
        name = name_of(func)
        if name in SAME:
            return [(result, self)]
        if name in VIEWS:
            return self._viewed(func, tensor, result, args, kwargs)
        if name in SPREADS and isinstance(result, Tensor) and result.shape != tensor.shape:
            return self._spread(tensor, result)
        if name in NORMALIZATIONS and isinstance(result, Tensor):
            return self._renormalized(name, tensor, result, args, kwargs)
        return self._changed(tensor, result) if name in CHANGES else []

    def _viewed(self, func: Callable[..., Any], tensor: Tensor, result: Any, args: Sequence[Any], kwargs: Any) -> list[Any]:
        try:
            shown = func(*[self.shadow if each is tensor else each for each in args], **kwargs)
        except (RuntimeError, NotImplementedError):  # an index that only exists with values
            return []
        pairs = zip(_several(result), _several(shown), strict=True)
        found = [self._part(tensor, each, shadow) for each, shadow in pairs if _is_view(shadow, self.shadow)]
        return [(each, followed) for each, followed in found if followed is not None]

    def _part(self, tensor: Tensor, result: Tensor, shadow: Tensor) -> tuple[Tensor, Followed | None]:
        """The view itself; weights of their own where some positions to attend to are left out."""
        after = replace(self, shadow=shadow)
        axes = [axis for axis in range(result.ndim) if self.from_ in after.covered(axis)]
        is_cut = axes and result.ndim == tensor.ndim and result.shape[axes[0]] < self.base.shape[self.from_]
        if not is_cut:
            return result, after
        self.softmax.is_changed = True
        is_whole = result.numel() * self.base.shape[self.from_] == self.base.numel() * result.shape[axes[0]]
        return result, Followed.at(self.softmax, result, axes[0]) if is_whole else None

    def _spread(self, tensor: Tensor, result: Tensor) -> list[Any]:
        """Weights of the same rows with more positions to attend to."""
        self.softmax.is_changed = True
        grown = [axis for axis, (a, b) in enumerate(zip(tensor.shape, result.shape, strict=False)) if a != b]
        is_whole = tensor.numel() == self.base.numel() and tensor.ndim == result.ndim
        if not is_whole or len(grown) != 1 or self.covered(grown[0]) != {self.from_}:
            return []
        return [(result, Followed.at(self.softmax, result, grown[0]))]

    def _changed(self, tensor: Tensor, result: Any) -> list[Any]:
        """New weights; or the same, changed in place."""
        self.softmax.is_changed = True
        result = tensor if result is None else result
        if result is tensor and _is_view(tensor, self.base):
            return [(tensor, self)]
        axes = [axis for axis in range(tensor.ndim) if self.from_ in self.covered(axis)]
        is_whole = tensor.numel() == self.base.numel() and isinstance(result, Tensor) and result.shape == tensor.shape
        if not is_whole or len(axes) != 1 or self.covered(axes[0]) != {self.from_}:
            return []
        return [(result, Followed.at(self.softmax, result, axes[0]))]

    def _renormalized(self, name: str, tensor: Tensor, result: Tensor, args: Sequence[Any], kwargs: Any) -> list[Any]:
        """New weights, or shares over another axis than that of the softmax, as in slot attention."""
        axis = _normalized_axis(name, tensor, result, args, kwargs)
        covered = set() if axis is None else self.covered(axis)
        if axis is None or len(covered) != 1 or self.from_ in covered or tensor.numel() != self.base.numel():
            return self._changed(tensor, result)
        self.softmax.is_changed = True
        return [(result, Followed.at(self.softmax, result, axis))]

    def covered(self, axis: int) -> set[int]:
        """The axes of `base` over which an axis of the shadow runs."""
        size, stride = self.shadow.shape[axis], self.shadow.stride(axis)
        base = torch.empty(self.base.shape, device="meta")
        return {
            each
            for each in range(base.ndim)
            if base.shape[each] > 1 and size > 1 and stride <= base.stride(each) < stride * size
        }

    def to(self, product: Product, tensor: Tensor) -> int | None:
        """The axis of `base` whose positions attend, if `tensor` multiplies values in `product`; None if it does not."""
        summed = [self.covered(axis) for axis in product.summed(tensor)]  # a product may also sum over heads
        if ({self.from_} if self.base.shape[self.from_] > 1 else set()) not in summed:
            return None
        own = product.own(tensor)
        axes = set().union(*(self.covered(axis) for axis in own))
        if not axes:
            axes = {axis for axis, size in enumerate(self.base.shape) if size == 1 and axis != self.from_}
            return max(axes, default=None)
        if len(axes) > 1:  # heads that share their values
            axes = {axis for axis in axes if self.base.shape[axis] == self.base.shape[self.from_]}
        return axes.pop() if len(axes) == 1 else None


def _normalized_axis(name: str, tensor: Tensor, result: Tensor, args: Sequence[Any], kwargs: Any) -> int | None:
    """The axis over which a division by a sum, or `normalize`, makes shares."""
    divisor = next((each for each in args if isinstance(each, Tensor) and each is not tensor), None)
    if name == "normalize":
        axes = [kwargs.get("dim", args[2] if len(args) > 2 else 1)]
    elif divisor is None or result.shape != tensor.shape:
        return None
    else:
        strides = divisor.expand_as(tensor).stride()
        axes = [axis for axis, size in enumerate(tensor.shape) if size > 1 and strides[axis] == 0]
    is_one = len(axes) == 1 and bool(((result.float().sum(axes[0]) - 1).abs() < SUM_TOLERANCE).all())
    return axes[0] if is_one else None


def _several(result: Any) -> Sequence[Any]:
    return result if isinstance(result, list | tuple) else [result]


def _is_view(tensor: Tensor, of: Tensor) -> bool:
    """Whether both have the same memory."""
    return bool(tensor.untyped_storage()._cdata == of.untyped_storage()._cdata)
