"""Answers of a model of any depth with heads replaced, position by position, in the dtype of its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from headlapse.models.config import ModelConfig
from headlapse.models.numpy_activations import ACTIVATIONS
from headlapse.models.replacement import EPOCH, INTACT, MEAN, UNIFORM, ZERO, Part, Questions, Replacement, even_attention

Stream = Float[np.ndarray, "inputs positions d_model"]
PerHead = Float[np.ndarray, "head inputs positions d_head"]


@dataclass(frozen=True)
class LayeredAnswers:
    """The plain pass."""

    weights: Mapping[str, np.ndarray]
    config: ModelConfig
    questions: Questions

    def parts(self, replaced: Replacement = INTACT) -> list[Part]:
        """All answers at once, because a mean over inputs needs all of them in every layer."""
        return [Part(slice(None), lambda: self._logits(replaced))]

    def _logits(self, replaced: Replacement) -> Float[np.ndarray, "counted vocab_out"]:
        weights, tokens = self.weights, self.questions.tokens
        rows = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"][: tokens.shape[1]]
        for layer in range(self.config.n_layers):
            rows = self._attended(layer, rows, replaced)
            if layer == self.config.n_layers - 1:
                rows = rows[self.questions.counted]
            rows = self._through_mlp(layer, rows)
        logits: np.ndarray = rows @ weights["unembed.W_U"] + weights["unembed.b_U"]
        return logits

    def _attended(self, layer: int, stream: Stream, replaced: Replacement) -> Stream:
        attention = f"blocks.{layer}.attn."
        query, key, value = (self._per_head(attention, kind, stream) for kind in "QKV")
        written: np.ndarray = stream + self.weights[f"{attention}b_O"]
        for place in range(self.config.n_heads):
            head = layer * self.config.n_heads + place
            gathered = self._gathered(query[place], key[place], value[place], replaced, head)
            written = written + gathered @ self.weights[f"{attention}W_O"][place]
        return written

    def _per_head(self, attention: str, kind: str, stream: Stream) -> PerHead:
        matrix, bias = self.weights[f"{attention}W_{kind}"], self.weights[f"{attention}b_{kind}"]
        return np.stack([stream @ each + of_head for each, of_head in zip(matrix, bias, strict=True)])

    def _gathered(
        self, query: np.ndarray, key: np.ndarray, value: np.ndarray, replaced: Replacement, head: int
    ) -> Float[np.ndarray, "inputs positions d_head"]:
        kind = replaced.kind if head in replaced.heads else ""
        if kind == ZERO:
            return np.zeros_like(value)
        if kind == UNIFORM:
            pattern = even_attention(value.shape[1], self._is_causal).astype(value.dtype)
        elif kind == EPOCH:
            pattern = replaced.pattern(head).astype(value.dtype, copy=False)
        else:
            pattern = self._pattern(query, key)
        gathered: np.ndarray = pattern @ value
        return np.broadcast_to(gathered.mean(axis=0), gathered.shape) if kind == MEAN else gathered

    def _pattern(self, query: np.ndarray, key: np.ndarray) -> Float[np.ndarray, "inputs to from"]:
        scores = query @ key.swapaxes(1, 2) / self.config.score_divisor
        if self._is_causal:
            scores = np.where(np.tri(scores.shape[1], dtype=bool), scores, -np.inf)
        shares = np.exp(scores - scores.max(axis=2, keepdims=True))
        pattern: np.ndarray = shares / shares.sum(axis=2, keepdims=True)
        return pattern

    @property
    def _is_causal(self) -> bool:
        return self.config.attention_dir == "causal"

    def _through_mlp(self, layer: int, rows: np.ndarray) -> np.ndarray:
        if self.config.d_mlp == 0:
            return rows
        mlp = f"blocks.{layer}.mlp."
        hidden = ACTIVATIONS[self.config.act_fn](rows @ self.weights[f"{mlp}W_in"] + self.weights[f"{mlp}b_in"])
        written: np.ndarray = rows + hidden @ self.weights[f"{mlp}W_out"] + self.weights[f"{mlp}b_out"]
        return written
