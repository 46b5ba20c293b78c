"""Answers at the last position of one layer with heads replaced: products of weights first, then a difference per head.

Let z_h be what head h gathers at the last position, and x the residual stream there. The MLP reads
(x + b_O) W_in + b_in + sum_h z_h W_O,h W_in, and the unembedding reads the same directly, with W_U in the place of W_in.
Both are kept for the intact model. Replacing heads changes them by (z'_h - z_h) times such a product. Scores and
values depend on the tokens and positions of the pair alone and are tables, made in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from einops import rearrange
from jaxtyping import Float, Int

from headlapse.models.config import ModelConfig
from headlapse.models.gathering import per_head, rows_of, scores, shares, tokens_and_places, weighted
from headlapse.models.numpy_activations import ACTIVATIONS
from headlapse.models.replacement import EPOCH, INTACT, MEAN, UNIFORM, ZERO, Part, Replacement
from headlapse.system.in_threads import in_threads

ATTENTION, MLP = "blocks.0.attn.", "blocks.0.mlp."
Weights = Mapping[str, np.ndarray]
BLOCK = 2048  # inputs that one thread computes at a time


@dataclass(frozen=True)
class OneLayerAnswers:
    """A model of one layer with its inputs; arrays have the dtype in which it computes.

    The columns of `into` and of `tables` are the MLP's input, followed by the logits' part that bypasses the MLP.
    """

    config: ModelConfig
    values: tuple[Float[np.ndarray, "_ head d_head"], ...]  # of each position, by its tokens
    places: tuple[Int[np.ndarray, " inputs"], ...]  # the token of each input among those
    gathered: Float[np.ndarray, "inputs head d_head"]  # z
    into: Float[np.ndarray, "inputs columns"]
    tables: Float[np.ndarray, "head d_head columns"]  # W_O W_in and W_O W_U
    writing: Float[np.ndarray, "d_mlp vocab_out"]  # W_out W_U

    @classmethod
    def of(
        cls, weights: Weights, config: ModelConfig, tokens: Int[np.ndarray, "inputs positions"], dtype: type, threads: int = 1
    ) -> OneLayerAnswers:
        """The intact model, whose heads can be replaced."""
        exact = _with_mlp({name: array.astype(np.float64) for name, array in weights.items()}, config)
        known = [tokens_and_places(column) for column in tokens.T]
        places = tuple(place for _, place in known)
        streams = [exact["embed.W_E"][token] + exact["pos_embed.W_pos"][at] for at, (token, _) in enumerate(known)]
        values: tuple[np.ndarray, ...] = tuple(per_head(exact, "V", stream).astype(dtype) for stream in streams)
        scored = scores(exact, config, streams)
        w_in, w_u = exact[f"{MLP}W_in"], exact["unembed.W_U"]
        tables = (exact[f"{ATTENTION}W_O"] @ np.concatenate([w_in, w_u], axis=1)).astype(dtype)
        beside: np.ndarray = _beside_heads(exact, streams[-1]).astype(dtype)
        gathered: np.ndarray = np.empty((len(tokens), config.n_heads, config.d_head), dtype)
        into: np.ndarray = np.empty((len(tokens), tables.shape[-1]), dtype)

        def prepare(block: slice) -> None:
            here = [place[block] for place in places]
            gathered[block] = weighted([share.astype(dtype) for share in shares(scored, here)], values, here)
            flat = rearrange(gathered[block], "inputs head k -> inputs (head k)")
            np.matmul(flat, rearrange(tables, "head k column -> (head k) column"), out=into[block])
            into[block] += rows_of(beside, here[-1])

        in_threads(prepare, _blocks(len(tokens)), threads)
        return cls(config, values, places, gathered, into, tables, (exact[f"{MLP}W_out"] @ w_u).astype(dtype))

    def parts(self, replaced: Replacement = INTACT) -> list[Part]:
        """One for each block of inputs."""
        heads, tables = list(replaced.heads), rearrange(self.tables[list(replaced.heads)], "head k column -> (head k) column")
        instead = [self._instead(head, replaced) for head in heads]

        def into(block: slice) -> Float[np.ndarray, "_ columns"]:
            if not heads:
                return self.into[block].copy()
            changes = [of(block) - self.gathered[block, head] for head, of in zip(heads, instead, strict=True)]
            changed: np.ndarray = np.concatenate(changes, axis=1) @ tables
            changed += self.into[block]
            return changed

        def logits(block: slice) -> Float[np.ndarray, "_ vocab_out"]:
            read, direct = np.split(into(block), [self.config.d_mlp], axis=1)
            found: np.ndarray = ACTIVATIONS[self.config.act_fn](read) @ self.writing
            found += direct
            return found

        return [Part(block, partial(logits, block)) for block in _blocks(len(self.into))]

    def _instead(self, head: int, replaced: Replacement) -> Callable[[slice], Float[np.ndarray, "#inputs d_head"]]:
        """The output of a replaced head before W_O, by block."""
        if replaced.kind == ZERO:
            nothing = np.zeros_like(self.gathered[:1, head])
            return lambda _: nothing
        if replaced.kind == MEAN:
            mean = self.gathered[:, head].mean(axis=0, keepdims=True, dtype=np.float64).astype(self.gathered.dtype)
            return lambda _: mean
        values = [value[:, head] for value in self.values]
        if replaced.kind == UNIFORM:  # the last position sees all, whether attention is causal or not
            even = self.gathered.dtype.type(1 / len(values))
            return lambda block: weighted([np.full(1, even)] * len(values), values, [place[block] for place in self.places])
        assert replaced.kind == EPOCH
        attention = replaced.pattern(head)[:, -1].astype(self.gathered.dtype, copy=False)
        return lambda block: weighted(list(attention[block].T), values, [place[block] for place in self.places])


def _with_mlp(weights: dict[str, np.ndarray], config: ModelConfig) -> dict[str, np.ndarray]:
    """The weights, with an MLP of width 0 if there is none."""
    d_model = config.d_model
    shapes = {"W_in": (d_model, 0), "b_in": (0,), "W_out": (0, d_model), "b_out": (d_model,)}
    return {**{f"{MLP}{name}": np.zeros(shape) for name, shape in shapes.items()}, **weights}


def _beside_heads(weights: Weights, last: Float[np.ndarray, "token d_model"]) -> Float[np.ndarray, "token columns"]:
    """The MLP's input, followed by the logits' part that bypasses the MLP, if all heads gather nothing."""
    ending = last + weights[f"{ATTENTION}b_O"]
    read = ending @ weights[f"{MLP}W_in"] + weights[f"{MLP}b_in"]
    direct = (ending + weights[f"{MLP}b_out"]) @ weights["unembed.W_U"] + weights["unembed.b_U"]
    return np.concatenate([read, direct], axis=1)


def _blocks(count: int) -> list[slice]:
    return [slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]
