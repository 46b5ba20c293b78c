"""Capture the attention weights of nearly any PyTorch model in one forward pass, without code for that model.

PyTorch code computes attention in three ways: `scaled_dot_product_attention`, `multi_head_attention_forward` (which
`nn.MultiheadAttention` calls), and a softmax whose result multiplies values. A `TorchFunctionMode` intercepts all three. The
captured weights are those before dropout. Kernels that bypass torch's functions (the flash-attn package, xformers) and
`flex_attention` cannot be captured.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.attention.bias import CausalBias, CausalVariant
from torch.overrides import TorchFunctionMode

from headlapse.errors import InvalidValueError
from headlapse.recording.call_stack import Call, CallStack

Weights = Float[Tensor, "batch head to from"]
SOFTMAX = frozenset({torch.softmax, F.softmax, Tensor.softmax})
PRODUCTS = frozenset(
    {
        *(torch.matmul, torch.bmm, torch.baddbmm, torch.einsum, torch.tensordot),
        *(Tensor.matmul, Tensor.bmm, Tensor.baddbmm, Tensor.__matmul__, Tensor.__rmatmul__),
    }
)
CELL_BY_CELL = frozenset(  # operations on weights before their product
    {
        *(F.dropout, torch.dropout, torch.nan_to_num, torch.masked_fill, torch.clone, torch.reshape, torch.flatten),
        *(torch.unflatten, torch.unsqueeze, torch.squeeze, torch.mul),
        *(Tensor.to, Tensor.type, Tensor.type_as, Tensor.float, Tensor.half, Tensor.bfloat16, Tensor.double),
        *(Tensor.contiguous, Tensor.clone, Tensor.detach, Tensor.view, Tensor.reshape, Tensor.flatten, Tensor.unflatten),
        *(Tensor.unsqueeze, Tensor.squeeze, Tensor.nan_to_num, Tensor.masked_fill, Tensor.masked_fill_),
        *(Tensor.mul, Tensor.mul_, Tensor.__mul__, Tensor.__imul__),
    }
)
PLAIN = (Tensor, nn.Parameter, nn.Buffer)  # tensors whose storage holds their values
LEAST_AXES = 3  # of weights and values: a product with a matrix is a layer, not attention


class Seen(NamedTuple):
    """One attention layer, in the order of the forward pass: the kind of call, the module, and the weights."""

    how: str
    call: Call
    weights: Weights


@dataclass
class Softmax:
    """A softmax that may be attention. It is if its result, or a cell-by-cell function of it, multiplies something."""

    weights: Tensor
    call: Call
    place: int  # among all calls
    kept: list[Tensor] = field(default_factory=list)  # kept alive, so that no other tensor gets the same id

    def is_gated_by(self, other: Tensor) -> bool:
        """Whether `other` has its own value for every cell, as activations do and masks do not."""
        return other.is_floating_point() and other.shape == self.weights.shape


class AttentionMode(TorchFunctionMode):
    """Collects the weights of every attention layer that runs within it."""

    def __init__(self, stack: CallStack, batch: int) -> None:
        super().__init__()
        self._stack, self._batch = stack, batch
        self._found: list[tuple[int, Seen]] = []
        self._softmaxes: dict[int, Softmax] = {}
        self._others = 0
        self._calls = 0

    @property
    def seen(self) -> list[Seen]:
        """The layers in the order in which they were computed."""
        return [seen for _, seen in sorted(self._found, key=lambda found: found[0])]

    @property
    def n_others(self) -> int:
        """The number of softmaxes that were not attention."""
        pending = {id(softmax): softmax for softmax in self._softmaxes.values()}
        return self._others + len(pending)

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        self._calls += 1
        if func is F.multi_head_attention_forward:
            return self._multi_head(func, args, kwargs)
        if func is F.scaled_dot_product_attention:
            return self._scaled_dot_product(func, args, kwargs)
        result = func(*args, **kwargs)
        if func in SOFTMAX:
            self._begin(result, args, kwargs)
        elif self._softmaxes:
            self._follow(func, result, args, kwargs)
        return result

    def _add(self, how: str, call: Call, weights: Tensor, place: int | None = None) -> None:
        shaped = as_layer(weights, self._batch)
        if shaped is None:
            self._others += 1
        else:
            self._found.append((self._calls if place is None else place, Seen(how, call, whole(shaped))))

    def _multi_head(self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Request the weights of every head, before dropout, and return to the caller the weights it requested."""
        bound = inspect.signature(func).bind(*args, **kwargs)
        bound.apply_defaults()
        asked = bound.arguments
        wanted, averaged = asked["need_weights"], asked["average_attn_weights"]
        same = asked["query"] is asked["key"]
        bound.arguments |= {"need_weights": True, "average_attn_weights": False, "dropout_p": 0.0}
        out, weights = func(*bound.args, **bound.kwargs)
        call = self._stack.top
        self._add("multi_head_attention", call._replace(is_cross=call.is_cross and not same), weights)
        if not wanted:
            return out, None
        return out, weights.mean(dim=-3) if averaged else weights

    def _scaled_dot_product(self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        bound = _SDPA.bind(*args, **kwargs)
        bound.apply_defaults()
        device = bound.arguments["query"].device.type
        with torch._C.DisableTorchFunction(), torch.autocast(device, enabled=False):
            self._add("scaled_dot_product_attention", self._stack.top, weights_of(*bound.args, **bound.kwargs))
        bound.arguments["dropout_p"] = 0.0
        return func(*bound.args, **bound.kwargs)

    def _begin(self, result: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Remember a softmax over the last axis."""
        dim = kwargs.get("dim", args[1] if len(args) > 1 else None)
        if isinstance(result, Tensor) and result.ndim >= LEAST_AXES and dim in (-1, result.ndim - 1):
            self._softmaxes[id(result)] = Softmax(result, self._stack.top, self._calls, [result])
        else:
            self._others += 1

    def _follow(self, func: Callable[..., Any], result: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Follow a softmax into a product, which makes it attention, or cell by cell into another tensor."""
        given = tensors_in((args, kwargs))
        softmax = next((self._softmaxes[id(each)] for each in given if id(each) in self._softmaxes), None)
        if softmax is None:
            return
        others = [each for each in given if self._softmaxes.get(id(each)) is not softmax]
        if func in PRODUCTS and all(each.ndim >= LEAST_AXES for each in others):
            self._add("softmax", softmax.call, softmax.weights, softmax.place)
            self._softmaxes = {key: each for key, each in self._softmaxes.items() if each is not softmax}
        elif func in CELL_BY_CELL and isinstance(result, Tensor) and not any(map(softmax.is_gated_by, others)):
            softmax.kept.append(result)
            self._softmaxes[id(result)] = softmax


def weights_of(
    query: Tensor,
    key: Tensor,
    value: Tensor,  # noqa: ARG001 -- the signature of scaled_dot_product_attention
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,  # noqa: ARG001 -- the weights are those before dropout
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """The weights that `scaled_dot_product_attention` applies, in at least float32; NaN in rows that may attend to nothing."""
    wide = torch.promote_types(query.dtype, torch.float32)
    query, key = query.to(wide), key.to(wide)
    if enable_gqa:
        key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
    scores = query @ key.mT * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    if is_causal:
        causal = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        scores = scores.masked_fill(~causal, -math.inf)
    if attn_mask is not None:
        mask = _values_of(attn_mask, scores.device)
        scores = scores.masked_fill(~mask, -math.inf) if mask.dtype == torch.bool else scores + mask.to(wide)
    return scores.softmax(-1)


def _values_of(mask: Tensor, device: torch.device) -> Tensor:
    """The mask as a plain tensor. Raises `InvalidValueError` for a kind of tensor that computes its values in its own way."""
    if isinstance(mask, CausalBias):  # its storage is never written
        diagonal = mask.seq_len_kv - mask.seq_len_q if mask.variant == CausalVariant.LOWER_RIGHT else 0
        return torch.ones(mask.seq_len_q, mask.seq_len_kv, dtype=torch.bool, device=device).tril(diagonal)
    if type(mask) not in PLAIN:
        raise InvalidValueError(f"an attention mask of type {type(mask).__name__} cannot be read; use a plain tensor as mask")
    return mask


_SDPA = inspect.signature(weights_of)


def as_layer(weights: Tensor, batch: int) -> Weights | None:
    """`weights` as `(batch, head, to, from)`; None if they do not belong to `batch` inputs.

    Three axes mean one head, or the heads of each input in sequence; more than four mean several axes of heads.
    """
    if weights.ndim == 3 and weights.shape[0] % batch == 0:
        return weights.reshape(batch, -1, *weights.shape[-2:])
    if weights.ndim >= 4 and weights.shape[0] == batch:
        return weights.flatten(1, -3)
    if weights.ndim >= 4 and weights.shape[0] == 1:  # equal for every input
        return weights.flatten(1, -3).expand(batch, -1, -1, -1)
    return None


def tensors_in(arguments: Any) -> list[Tensor]:
    """The tensors among arguments, including those in tuples, lists and dicts."""
    if isinstance(arguments, Tensor):
        return [arguments]
    if isinstance(arguments, Mapping):
        arguments = list(arguments.values())
    if isinstance(arguments, list | tuple):
        return [tensor for each in arguments for tensor in tensors_in(each)]
    return []


def whole(weights: Weights) -> Weights:
    """A copy with at least single precision, in which a row that may attend to nothing is zero."""
    wide = weights.detach().to(torch.promote_types(weights.dtype, torch.float32), copy=True)
    return wide.masked_fill_(wide.isnan().all(dim=-1, keepdim=True), 0.0)
