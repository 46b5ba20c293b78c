"""The direct forward pass of a transformer in torch, with logits at the positions that count.

The bridge of TransformerLens computes the same with a hook at every activation; in a small model, the hooks take as long as
the arithmetic. A language task has new sequences at every step, so nothing can be prepared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from einops import einsum
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import layer_norm, rms_norm

from headlapse.models.activations import ACTIVATIONS
from headlapse.models.config import SIZES, ModelConfig

OF_ATTENTION = ("attention_dir", "use_attn_scale", "attn_scale")
ANY_VALUE = (*SIZES, "n_layers", "act_fn", "train_biases", *OF_ATTENTION, "normalization", "eps")


class Counted(NamedTuple):
    """Sequences, and the positions whose logits are wanted."""

    tokens: Int[Tensor, "batch positions"]
    counted: Bool[Tensor, "batch positions"]


def covers_layers(config: ModelConfig) -> bool:
    """Whether `LayeredForward` is exact for this model: it has no normalization within the MLP."""
    return config.is_plain_except(ANY_VALUE) and config.act_fn in ACTIVATIONS


@dataclass(frozen=True)
class LayeredForward:
    """The forward pass as a function of weights; exact if `covers_layers` holds."""

    config: ModelConfig

    def prepare(self, tokens: Int[Tensor, "batch positions"]) -> Counted:
        """`tokens`, counting only the last position."""
        counted = torch.zeros_like(tokens, dtype=torch.bool)
        counted[:, -1] = True
        return Counted(tokens, counted)

    def logits(self, weights: Mapping[str, Tensor], inputs: Counted) -> Float[Tensor, "counted vocab_out"]:
        """Logits at the positions that count, sequence by sequence, differentiable in `weights`."""
        positions = inputs.tokens.shape[1]
        stream = weights["embed.W_E"][inputs.tokens] + weights["pos_embed.W_pos"][:positions]
        for layer in range(self.config.n_layers):
            stream = self._attended(weights, f"blocks.{layer}", stream)
            if layer == self.config.n_layers - 1:
                stream = stream[inputs.counted]  # no other position is read from here on
            stream = self._after_mlp(weights, f"blocks.{layer}", stream)
        return self._normalized(weights, "ln_final", stream) @ weights["unembed.W_U"] + weights["unembed.b_U"]

    def _attended(self, weights: Mapping[str, Tensor], block: str, stream: Tensor) -> Tensor:
        attention, read = f"{block}.attn", self._normalized(weights, f"{block}.ln1", stream)
        query, key, value = (self._per_head(weights, attention, kind, read) for kind in "QKV")
        pattern = self._pattern(query, key)
        mixed = einsum(pattern, value, "batch head to_pos from_pos, batch from_pos head k -> batch to_pos head k")
        written = einsum(mixed, weights[f"{attention}.W_O"], "batch at head k, head k model -> batch at model")
        return stream + written + weights[f"{attention}.b_O"]

    def _after_mlp(self, weights: Mapping[str, Tensor], block: str, stream: Float[Tensor, "*at model"]) -> Tensor:
        if self.config.d_mlp == 0:
            return stream
        read = self._normalized(weights, f"{block}.ln2", stream)
        hidden = ACTIVATIONS[self.config.act_fn](read @ weights[f"{block}.mlp.W_in"] + weights[f"{block}.mlp.b_in"])
        return stream + hidden @ weights[f"{block}.mlp.W_out"] + weights[f"{block}.mlp.b_out"]

    def _normalized(self, weights: Mapping[str, Tensor], norm: str, stream: Float[Tensor, "*at model"]) -> Tensor:
        if self.config.normalization is None:
            return stream
        size, weight, eps = stream.shape[-1:], weights.get(f"{norm}.w"), self.config.eps
        if self.config.normalization in ("RMS", "RMSPre"):
            return rms_norm(stream, size, weight, eps)
        return layer_norm(stream, size, weight, weights.get(f"{norm}.b"), eps)

    def _per_head(
        self, weights: Mapping[str, Tensor], attention: str, kind: str, stream: Tensor
    ) -> Float[Tensor, "batch positions head k"]:
        projected = einsum(stream, weights[f"{attention}.W_{kind}"], "batch at model, head model k -> batch at head k")
        return projected + weights[f"{attention}.b_{kind}"]

    def _pattern(
        self, query: Float[Tensor, "batch positions head k"], key: Float[Tensor, "batch positions head k"]
    ) -> Float[Tensor, "batch head positions positions"]:
        scores = (
            einsum(query, key, "batch to_pos head k, batch from_pos head k -> batch head to_pos from_pos")
            / self.config.score_divisor
        )
        if self.config.attention_dir == "causal":
            positions = scores.shape[-1]
            ahead = torch.ones(positions, positions, dtype=torch.bool, device=scores.device).triu(1)
            scores = scores.masked_fill(ahead, -torch.inf)
        return scores.softmax(dim=-1)
