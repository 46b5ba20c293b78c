"""Answers at the last position of one layer with heads replaced: products of weights first, then a difference per head.

Let z_h be what head h gathers at the last position, and x the residual stream there. The MLP reads
(x + b_O) W_in + b_in + sum_h z_h W_O,h W_in, and the unembedding reads the same directly, with W_U in the place of W_in.
Both are kept for the intact model. Replacing heads changes them by (z'_h - z_h) times such a product. Scores and
values depend on the tokens and positions of the pair alone and are tables, made in float64.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Float, Int

from headlapse.models.config import ModelConfig
from headlapse.models.numpy_activations import ACTIVATIONS
from headlapse.models.replacement import EPOCH, INTACT, MEAN, UNIFORM, ZERO, Replacement

ATTENTION, MLP = "blocks.0.attn.", "blocks.0.mlp."
Weights = Mapping[str, np.ndarray]
BLOCK = 1024  # inputs


@dataclass(frozen=True)
class OneLayerAnswers:
    """A model of one layer with its inputs; arrays have the dtype in which it computes."""

    config: ModelConfig
    values: tuple[Float[np.ndarray, "_ head d_head"], ...]  # of each position, by the tokens that stand there
    places: tuple[Int[np.ndarray, " inputs"], ...]  # which of those tokens each input has
    gathered: Float[np.ndarray, "inputs head d_head"]  # z
    read: Float[np.ndarray, "inputs d_mlp"]  # what the MLP reads
    direct: Float[np.ndarray, "inputs vocab_out"]  # what the logits have from past the MLP
    to_read: Float[np.ndarray, "head d_head d_mlp"]  # W_O W_in
    to_direct: Float[np.ndarray, "head d_head vocab_out"]  # W_O W_U
    writing: Float[np.ndarray, "d_mlp vocab_out"]  # W_out W_U

    @classmethod
    def of(
        cls, weights: Weights, config: ModelConfig, tokens: Int[np.ndarray, "inputs positions"], dtype: type
    ) -> OneLayerAnswers:
        """The intact model, from which heads are replaced."""
        exact = _with_mlp({name: array.astype(np.float64) for name, array in weights.items()}, config)
        known = [np.unique(column, return_inverse=True) for column in tokens.T]
        places = tuple(place.ravel() for _, place in known)
        streams = [exact["embed.W_E"][token] + exact["pos_embed.W_pos"][at] for at, (token, _) in enumerate(known)]
        values: tuple[np.ndarray, ...] = tuple(_per_head(exact, "V", stream).astype(dtype) for stream in streams)
        gathered = _gathered(_attention(exact, config, streams, places, dtype), values, places)
        joined = rearrange(gathered, "inputs head k -> inputs (head k)")
        w_u, w_in, ending = exact["unembed.W_U"], exact[f"{MLP}W_in"], streams[-1] + exact[f"{ATTENTION}b_O"]
        to_read, to_direct = ((exact[f"{ATTENTION}W_O"] @ matrix).astype(dtype) for matrix in (w_in, w_u))
        read = joined @ rearrange(to_read, "head k hidden -> (head k) hidden")
        read += (ending @ w_in + exact[f"{MLP}b_in"]).astype(dtype)[places[-1]]
        direct = joined @ rearrange(to_direct, "head k out -> (head k) out")
        direct += ((ending + exact[f"{MLP}b_out"]) @ w_u + exact["unembed.b_U"]).astype(dtype)[places[-1]]
        writing = (exact[f"{MLP}W_out"] @ w_u).astype(dtype)
        return cls(config, values, places, gathered, read, direct, to_read, to_direct, writing)

    def blocks(self, replaced: Replacement = INTACT) -> Iterator[Float[np.ndarray, "_ vocab_out"]]:
        """The logits of every input, in blocks that stay in the processor's cache while they are used."""
        heads = list(replaced.heads)
        changes = [self._instead(head, replaced) - self.gathered[:, head] for head in heads]
        change = np.concatenate([self.gathered[:, 0, :0], *changes], axis=1)
        to_read, to_direct = (rearrange(table[heads], "head k out -> (head k) out") for table in (self.to_read, self.to_direct))
        hidden, out = (
            np.empty_like(self.read[:BLOCK]),
            np.empty_like(self.direct[:BLOCK]),
        )  # new memory would cost as much as a product
        for start in range(0, len(self.read), BLOCK):
            block = slice(start, start + BLOCK)
            of_block = change[block]
            read = np.matmul(of_block, to_read, out=hidden[: len(of_block)])
            read += self.read[block]
            logits = np.matmul(ACTIVATIONS[self.config.act_fn](read), self.writing, out=out[: len(of_block)])
            logits += of_block @ to_direct
            logits += self.direct[block]
            yield logits

    def _instead(self, head: int, replaced: Replacement) -> Float[np.ndarray, "#inputs d_head"]:
        """What a replaced head gathers."""
        if replaced.kind == ZERO:
            return np.zeros_like(self.gathered[:1, head])
        if replaced.kind == MEAN:
            mean: np.ndarray = self.gathered[:, head].mean(axis=0, keepdims=True, dtype=np.float64)
            return mean.astype(self.gathered.dtype)
        pairs = zip(self.values, self.places, strict=True)
        seen = [value[:, head].take(place, axis=0) for value, place in pairs]
        if replaced.kind == UNIFORM:  # the last position sees all, whether attention is causal or not
            total: np.ndarray = sum(seen[1:], start=seen[0]) / len(seen)
            return total
        assert replaced.kind == EPOCH
        shares = replaced.pattern(head)[:, -1].astype(self.gathered.dtype, copy=False)
        gathered: np.ndarray = sum(shares[:, at, None] * each for at, each in enumerate(seen))
        return gathered


def _with_mlp(weights: dict[str, np.ndarray], config: ModelConfig) -> dict[str, np.ndarray]:
    """The weights, with an MLP of width 0 if there is none."""
    d_model = config.d_model
    shapes = {"W_in": (d_model, 0), "b_in": (0,), "W_out": (0, d_model), "b_out": (d_model,)}
    return {**{f"{MLP}{name}": np.zeros(shape) for name, shape in shapes.items()}, **weights}


def _per_head(weights: Weights, kind: str, rows: Float[np.ndarray, "row d_model"]) -> Float[np.ndarray, "row head d_head"]:
    projected: np.ndarray = np.einsum("rd,hdk->rhk", rows, weights[f"{ATTENTION}W_{kind}"], optimize=True)
    return projected + weights[f"{ATTENTION}b_{kind}"]


def _attention(
    weights: Weights,
    config: ModelConfig,
    streams: list[Float[np.ndarray, "_ d_model"]],
    places: tuple[Int[np.ndarray, " inputs"], ...],
    dtype: type,
) -> list[Float[np.ndarray, "inputs head"]]:
    """What the last position gives to each position."""
    query = _per_head(weights, "Q", streams[-1]) / config.score_divisor
    scores = []
    for stream, place in zip(streams, places, strict=True):
        table = np.einsum("ehk,thk->eth", query, _per_head(weights, "K", stream))
        scores.append(table[places[-1], place])
    top = np.max(scores, axis=0)
    shares = [np.exp(score - top) for score in scores]
    total = np.sum(shares, axis=0)
    return [(share / total).astype(dtype) for share in shares]


def _gathered(
    shares: list[Float[np.ndarray, "inputs head"]],
    values: tuple[Float[np.ndarray, "_ head d_head"], ...],
    places: tuple[Int[np.ndarray, " inputs"], ...],
) -> Float[np.ndarray, "inputs head d_head"]:
    parts = (share[:, :, None] * value[place] for share, value, place in zip(shares, values, places, strict=True))
    gathered: np.ndarray = sum(parts)
    return gathered
