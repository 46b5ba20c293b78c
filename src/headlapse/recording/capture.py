"""Capture the attention weights of nearly any PyTorch model in one forward pass, without code for that model.

PyTorch code computes attention in four ways: `scaled_dot_product_attention`, `multi_head_attention_forward` (which
`nn.MultiheadAttention` calls), `flex_attention`, and a softmax of scores that multiplies values, which may be exponentials
divided by their sum. A `TorchFunctionMode` intercepts all four. The captured weights are those that multiply the values,
before dropout. Kernels that bypass torch's functions (the flash-attn package, xformers) cannot be captured.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

import torch
import torch.nn.functional as F
from torch import Tensor
from torch._ops import HigherOrderOperator
from torch.overrides import TorchFunctionMode

from headlapse.errors import InvalidValueError
from headlapse.recording.call_stack import Call, CallStack
from headlapse.recording.comparisons import LEAST_AXES, Compared, Comparisons
from headlapse.recording.following import DROPOUTS, OF_ONE, Followed, Softmax
from headlapse.recording.products import Product, product_of
from headlapse.recording.readings import Raw, whole
from headlapse.recording.scaled_dot_product import SIGNATURE, Weighing, scores_of
from headlapse.recording.tensors import INSTEAD, check_readable, name_of, tensors_in

SOFTMAX = frozenset({torch.softmax, F.softmax, Tensor.softmax, torch.special.softmax})
FLEX = "flex_attention"
LOG_SOFTMAX = frozenset({torch.log_softmax, F.log_softmax, Tensor.log_softmax, torch.special.log_softmax})


class AttentionMode(TorchFunctionMode):
    """Collects the weights of every attention layer that runs within it."""

    def __init__(self, stack: CallStack) -> None:
        super().__init__()
        self._stack = stack
        self._found: list[Raw] = []
        self._followed: dict[int, Followed] = {}
        self._comparisons = Comparisons(stack)
        self._others: list[str] = []
        self._again: list[str] = []
        self._partly: list[Softmax] = []  # in a product that is not read
        self._ended: WeakValueDictionary[int, Tensor] = WeakValueDictionary()
        self._calls = 0
        self._newest = Weighing({}, 0)

    @property
    def seen(self) -> list[Raw]:
        """The layers in the order in which they were computed."""
        return sorted(self._found, key=lambda raw: raw.place)

    @property
    def others(self) -> list[str]:
        """The modules of the softmaxes, and of the products of scores without a softmax, that were not read as attention."""
        pending = {id(each.softmax): each.softmax for each in self._followed.values() if each.softmax.read is None}
        unread = {id(each): each.call.name for each in [*pending.values(), *self._partly]}
        return self._others + list(unread.values()) + list(self._comparisons.unread.values())

    @property
    def again(self) -> list[str]:
        """The modules in which weights that were read multiply something once more."""
        return self._again

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        self._calls += 1
        if func is F.multi_head_attention_forward:
            return self._multi_head(func, args, kwargs)
        if func is F.scaled_dot_product_attention:
            return self._scaled_dot_product(func, args, kwargs)
        if isinstance(func, HigherOrderOperator) and func.name() == FLEX:
            return self._flex(func, *args, **kwargs)
        given = tensors_in((args, kwargs))
        if name_of(func) in DROPOUTS and given and id(given[0]) in self._followed:
            return given[0]
        result = func(*args, **kwargs)
        self._stack.pass_on(func, given, result)
        if func in SOFTMAX | LOG_SOFTMAX:
            self._begin(result, given[0], args, kwargs)
        else:
            self._follow(func, result, args, kwargs)
        return result

    def _multi_head(self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Request the weights of every head, before dropout, and return to the caller the weights it requested."""
        bound = inspect.signature(func).bind(*args, **kwargs)
        bound.apply_defaults()
        asked = bound.arguments
        check_readable(asked["query"])
        wanted, averaged = asked["need_weights"], asked["average_attn_weights"]
        same = asked["query"] is asked["key"]
        bound.arguments |= {"need_weights": True, "average_attn_weights": False, "dropout_p": 0.0}
        out, weights = func(*bound.args, **bound.kwargs)
        call = self._stack.top
        parts = [asked[name] for name in ("query", "key", "in_proj_weight", "q_proj_weight", "k_proj_weight")]
        broken = not all(bool(each.isfinite().all()) for each in parts if each is not None)
        call = call._replace(is_cross=call.is_cross and not same)
        raw = _raw("multi_head_attention", call, weights, is_broken=broken)
        positions_first = asked["value"].detach().float()
        raw = raw._replace(values=positions_first.mean(0) if positions_first.ndim > 2 else None)
        self._add(func, raw, [*parts[:2], asked["value"]], out)
        if not wanted:
            return out, None
        return out, weights.mean(dim=-3) if averaged else weights

    def _scaled_dot_product(self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        bound = SIGNATURE.bind(*args, **kwargs)
        bound.apply_defaults()
        query, key, value = (bound.arguments[name] for name in ("query", "key", "value"))
        check_readable(query)
        weighing = Weighing.of(bound.arguments, self._calls)
        bound.arguments["dropout_p"] = 0.0
        if weighing.gives_the_same_as(self._newest):
            self._again.append(self._stack.top.name)
            result = func(*bound.args, **bound.kwargs)
            self._stack.pass_on(func, [query, key, value], result)
            self._stack.attended(result, self._newest.place)
            return result
        self._newest = weighing
        call = self._stack.top
        call = call._replace(is_cross=self._stack.is_cross(query, key))
        with torch._C.DisableTorchFunction(), torch.autocast(query.device.type, enabled=False):
            scores = scores_of(*bound.args, **bound.kwargs)
            weights = scores.softmax(-1)
            broken = bool(_broken(weights, scores, -1))
            raw = _raw("scaled_dot_product_attention", call, weights, values=value, is_broken=broken)
        result = func(*bound.args, **bound.kwargs)
        self._add(func, raw._replace(is_exact=_is_exact(query)), [query, key, value], result)
        return result

    def _flex(self, func: Callable[..., Any], query: Tensor, key: Tensor, value: Tensor, *args: Any, **kwargs: Any) -> Any:
        """Give the operator one value of its own for each position, so that it returns its weights."""
        check_readable(query)
        wide = torch.promote_types(query.dtype, torch.float32)
        each = torch.eye(key.shape[-2], dtype=wide, device=key.device).expand(*key.shape[:-1], -1)
        with torch._C.DisableTorchFunction(), torch.autocast(query.device.type, enabled=False):
            weights = func(query.to(wide), key.to(wide), each, *args, **kwargs)[0]
            call = self._stack.top._replace(is_cross=self._stack.is_cross(query, key))
            raw = _raw(FLEX, call, weights, values=value, is_broken=bool(weights.isnan().any()))
        result = func(query, key, value, *args, **kwargs)
        self._add(func, raw._replace(is_exact=_is_exact(query)), [query, key, value], result)
        return result

    def _add(self, func: Callable[..., Any], raw: Raw, given: Sequence[Tensor], result: Any) -> None:
        """Remember a layer that was computed now from the queries, keys and values `given`."""
        self._stack.pass_on(func, given, result)
        sources, builds_on = self._stack.sources(*given), self._stack.builds_on(*given)
        self._found.append(raw._replace(place=self._calls, builds_on=builds_on, sources=sources))
        self._stack.attended(result, self._calls)

    def _begin(self, result: object, scores: Tensor, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Remember a softmax of scores."""
        dim = kwargs.get("dim", args[1] if len(args) > 1 else None)
        check_readable(scores)
        compared = self._comparisons.of(scores)
        if compared is None or not isinstance(result, Tensor) or result.ndim < OF_ONE or not isinstance(dim, int):
            self._others.append(self._stack.top.name)
            return
        if id(scores) in self._followed:  # a division of scores, before their softmax
            self._forget(self._followed[id(scores)].softmax)
        with torch._C.DisableTorchFunction():
            broken = _broken(result, scores, dim)
        self._begin_at(result, dim, compared, scores, broken)

    def _begin_at(self, result: Tensor, dim: int, compared: Compared, scores: Tensor, broken: Tensor) -> None:
        self._comparisons.read(compared)
        call = self._stack.around(scores)._replace(is_cross=compared.is_cross)
        builds_on, positions = self._stack.builds_on(scores), result.shape[dim]
        softmax = Softmax(call, self._calls, broken, builds_on, compared.sources, kept=[result], positions=positions)
        self._followed[id(result)] = Followed.at(softmax, result, dim)

    def _by_hand(self, func: Callable[..., Any], result: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Remember a softmax that the model computes itself, dividing exponentials by their sum."""
        dim = self._comparisons.normalized(func, args, kwargs)
        compared = None if dim is None else self._comparisons.of(result)
        if dim is None or compared is None:
            return
        exponentials = tensors_in((args, kwargs))[0]
        with torch._C.DisableTorchFunction():
            broken = (result.isnan().any(dim) & (exponentials.amax(dim) != 0)).any()
        self._begin_at(result, dim, compared, exponentials, broken)
        self._followed[id(result)].softmax.is_changed = True

    def _forget(self, softmax: Softmax) -> None:
        self._followed = {key: each for key, each in self._followed.items() if each.softmax is not softmax}

    def _follow(self, func: Callable[..., Any], result: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Follow a softmax into a product with values, which makes it attention; and scores towards a softmax."""
        given = tensors_in((args, kwargs))
        tensor = next((each for each in given if id(each) in self._followed), None)
        product = product_of(func, args, kwargs)
        if product is not None:
            self._multiply(product, tensor, result)
            return
        if tensor is None or self._comparisons.of(tensor) is not None:
            self._comparisons.follow(func, result, args, kwargs)
        if tensor is None:
            self._by_hand(func, result, args, kwargs)
            return
        with torch._C.DisableTorchFunction():
            shown = self._followed[id(tensor)].through(func, tensor, result, args, kwargs)
        for each, followed in shown:
            followed.softmax.kept.append(each)
            self._followed[id(each)] = followed

    def _multiply(self, product: Product, weights: Tensor | None, result: Any) -> None:
        """A product with weights that are followed, or with ended ones, or of something else, such as queries and keys."""
        if weights is not None:
            self._end(product, weights, result)
        elif any(self._ended.get(id(factor.tensor)) is factor.tensor for factor in product.factors):
            self._again.append(self._stack.top.name)
        else:
            self._comparisons.add(product, result)

    def _end(self, product: Product, tensor: Tensor, result: Any) -> None:
        """The product of a softmax with values, or with something else."""
        followed = self._followed[id(tensor)]
        others = [factor.tensor for factor in product.others(tensor)]
        to = followed.to(product, tensor) if others else None
        softmax = followed.softmax
        if to is None or any(each.ndim < LEAST_AXES for each in others[:1]):
            if tensor.numel() < softmax.kept[0].numel():
                self._partly.append(softmax)
            return
        if softmax.read is not None:
            self._end_again(followed)
            return
        with torch._C.DisableTorchFunction():
            weights = followed.base.movedim((to, followed.from_), (-2, -1))
            raw = _raw("softmax", softmax.call, weights, values=others[0], is_broken=bool(softmax.broken))
        if softmax.is_changed and not are_shares(raw.weights):
            raise InvalidValueError(
                f"the attention of {softmax.call.name or 'the model'} is changed after its softmax into weights that are no "
                f"shares: they are negative, or a row sums to more than 1; {INSTEAD}"
            )
        sources = softmax.sources + self._stack.sources(others[0])
        self._found.append(
            raw._replace(is_changed=softmax.is_changed, place=softmax.place, builds_on=softmax.builds_on, sources=sources)
        )
        self._stack.attended(result, softmax.place)
        self._ended.update({id(each): each for each in softmax.kept if each.numel() == followed.base.numel()})
        if softmax.is_cut(followed.base, followed.from_):
            softmax.read = followed.base
        else:
            self._forget(softmax)

    def _end_again(self, followed: Followed) -> None:
        """A product of weights of which some positions have multiplied values before."""
        softmax = followed.softmax
        if followed.base is not softmax.read:
            why = "parts of its weights multiply values of their own"
            raise InvalidValueError(f"the attention of {softmax.call.name or 'the model'} cannot be read: {why}; {INSTEAD}")
        self._again.append(softmax.call.name)


def _raw(how: str, call: Call, weights: Tensor, *, values: Tensor | None = None, is_broken: bool = False) -> Raw:
    """A copy of the weights, and a digest of the values that have the same first axis."""
    has_digest = values is not None and values.ndim == weights.ndim >= LEAST_AXES and len(values) == len(weights)
    digest = values.detach().float().flatten(1, -2).mean(dim=1) if has_digest and values is not None else None
    return Raw(how, call, whole(weights), values=digest, is_exact=_is_exact(weights), is_broken=is_broken)


def _broken(weights: Tensor, scores: Tensor, dim: int) -> Tensor:
    """Whether a row is not a number although it is not masked."""
    return (weights.isnan().any(dim) & (scores.amax(dim) != -math.inf)).any()


def _is_exact(tensor: Tensor) -> bool:
    return tensor.dtype in (torch.float32, torch.float64)


def are_shares(weights: Tensor) -> bool:
    """Whether every number is in [0, 1] and no row sums to more than 1; NaN stands for a row without any key."""
    known = torch.nan_to_num(weights.detach().float())
    return bool((known >= -1e-3).all() and (known.sum(dim=-1) <= 1 + 1e-2).all())


def weights_of(*args: Any, **kwargs: Any) -> Tensor:
    """The weights that `scaled_dot_product_attention` applies, in at least float32; NaN in rows that may attend to nothing."""
    return scores_of(*args, **kwargs).softmax(-1)
