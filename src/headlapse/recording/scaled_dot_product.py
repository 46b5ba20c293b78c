"""The weights that `torch.nn.functional.scaled_dot_product_attention` applies and does not return."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import torch
from torch import Tensor, nn
from torch.nn.attention.bias import CausalBias, CausalVariant

from headlapse.errors import InvalidValueError

PLAIN = (Tensor, nn.Parameter, nn.Buffer)  # tensors whose storage holds their values


def scores_of(
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
    """The scores whose softmax `scaled_dot_product_attention` applies, in at least float32."""
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
    return scores


SIGNATURE = inspect.signature(scores_of)


class Weighing(NamedTuple):
    """What gives the weights of a call: its arguments but the values, with the versions of tensors; and its place among all."""

    arguments: Mapping[str, tuple[Any, int]]
    place: int

    @classmethod
    def of(cls, arguments: Mapping[str, Any], place: int) -> Self:
        """From all arguments of the call."""
        others = {name: each for name, each in arguments.items() if name != "value"}
        return cls({name: (each, _version(each)) for name, each in others.items()}, place)

    def gives_the_same_as(self, earlier: Weighing) -> bool:
        """Whether both calls have the very same tensors, unchanged, and equal other arguments."""
        return self.arguments.keys() == earlier.arguments.keys() and all(
            version == before and version >= 0 and (each is given or (not isinstance(each, Tensor) and each == given))
            for (each, version), (given, before) in zip(self.arguments.values(), earlier.arguments.values(), strict=True)
        )


def _version(argument: object) -> int:
    """How often a tensor was written; -1 if that is not known."""
    if not isinstance(argument, Tensor):
        return 0
    return -1 if argument.is_inference() else argument._version


def _values_of(mask: Tensor, device: torch.device) -> Tensor:
    """The mask as a plain tensor. Raises `InvalidValueError` for a kind of tensor that computes its values in its own way."""
    if isinstance(mask, CausalBias):  # its storage is never written
        diagonal = mask.seq_len_kv - mask.seq_len_q if mask.variant == CausalVariant.LOWER_RIGHT else 0
        return torch.ones(mask.seq_len_q, mask.seq_len_kv, dtype=torch.bool, device=device).tril(diagonal)
    if type(mask) not in PLAIN:
        raise InvalidValueError(f"an attention mask of type {type(mask).__name__} cannot be read; use a plain tensor as mask")
    return mask
