"""The direct forward pass of a transformer in torch, with logits at the positions that count.

The bridge of TransformerLens computes the same with a hook at every activation; in a small model, the hooks take as long as
the arithmetic. A language task has new sequences at every step, so nothing can be prepared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from einops import einsum, rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import layer_norm, rms_norm, scaled_dot_product_attention

from headlapse.models.activations import ACTIVATIONS
from headlapse.models.config import SIZES, ModelConfig
from headlapse.models.distinct_rows import DistinctPairs, Rows

OF_ATTENTION = ("attention_dir", "use_attn_scale", "attn_scale")
ANY_VALUE = (*SIZES, "n_layers", "act_fn", "train_biases", *OF_ATTENTION, "normalization", "eps")

# Kernels that give the same bits every time; others add in any order
REPEATABLE = [SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]


class Counted(NamedTuple):
    """Sequences, and the positions whose logits are wanted.

    `only_last` says that only the last position of each sequence counts. With `distinct`, the first layer computes queries,
    keys and values once for each pair of token and position.
    """

    tokens: Int[Tensor, "batch positions"]
    counted: Bool[Tensor, "batch positions"]
    only_last: bool = False
    distinct: DistinctPairs | None = None


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
        return Counted(tokens, counted, only_last=True, distinct=DistinctPairs.of(tokens))

    def logits(self, weights: Mapping[str, Tensor], inputs: Counted) -> Float[Tensor, "counted vocab_out"]:
        """Logits at the positions that count, sequence by sequence, differentiable in `weights`."""
        rows = self._embedded(weights, inputs)
        for layer in range(self.config.n_layers):
            is_last = layer == self.config.n_layers - 1
            stream = self._attended(weights, f"blocks.{layer}", rows, only_last=is_last and inputs.only_last)
            if is_last:  # no other position is read from here on
                stream = stream.flatten(0, 1) if inputs.only_last else stream[inputs.counted]
            rows = Rows(self._after_mlp(weights, f"blocks.{layer}", stream))
        return self._normalized(weights, "ln_final", rows.values) @ weights["unembed.W_U"] + weights["unembed.b_U"]

    def _embedded(self, weights: Mapping[str, Tensor], inputs: Counted) -> Rows:
        """The residual stream before the first layer."""
        of_token, of_position = weights["embed.W_E"], weights["pos_embed.W_pos"]
        if inputs.distinct is None:
            return Rows(of_token[inputs.tokens] + of_position[: inputs.tokens.shape[1]])
        tokens, positions, places = inputs.distinct
        return Rows(of_token[tokens] + of_position[positions], places)

    def _attended(
        self, weights: Mapping[str, Tensor], block: str, stream: Rows, *, only_last: bool
    ) -> Float[Tensor, "batch wanted model"]:
        """The residual stream after attention, at each position or `only_last`."""
        attention, read = f"{block}.attn", stream.map(lambda rows: self._normalized(weights, f"{block}.ln1", rows))
        key, value = (self._per_head(weights, attention, kind, read) for kind in "KV")
        if only_last:
            stream, read = stream.at_last(), read.at_last()
        query = self._per_head(weights, attention, "Q", read)
        mixed = self._mixed(query, key, value, only_last=only_last)
        written = einsum(mixed, weights[f"{attention}.W_O"], "batch head at k, head k model -> batch at model")
        return stream.spread() + written + weights[f"{attention}.b_O"]

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
        self, weights: Mapping[str, Tensor], attention: str, kind: str, read: Rows
    ) -> Float[Tensor, "batch head positions k"]:
        matrix, bias = weights[f"{attention}.W_{kind}"], weights[f"{attention}.b_{kind}"]
        together = rearrange(matrix, "head model k -> model (head k)")
        projected = read.map(lambda rows: rows @ together + bias.flatten()).spread()
        return rearrange(projected, "batch positions (head k) -> batch head positions k", head=len(matrix))

    def _mixed(
        self,
        query: Float[Tensor, "batch head wanted k"],
        key: Float[Tensor, "batch head positions k"],
        value: Float[Tensor, "batch head positions k"],
        *,
        only_last: bool,
    ) -> Float[Tensor, "batch head wanted k"]:
        """The values weighted by attention. The last position attends to all."""
        is_causal = self.config.attention_dir == "causal" and not only_last
        with sdpa_kernel(REPEATABLE):
            return scaled_dot_product_attention(query, key, value, is_causal=is_causal, scale=1 / self.config.score_divisor)
