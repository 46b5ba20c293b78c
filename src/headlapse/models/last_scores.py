"""Scores that the last position gives to each token before the softmax, in the heads of the first layer, from weights alone.

In the first layer, a score depends only on the two tokens and their positions. With x_i = W_E[token] + W_pos[i], normalized if
the model does so, the last position gives position i the score x_i W_K W_Q^T x_last over the model's divisor, biases included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from jaxtyping import Float, Int

from headlapse.families.cyclic import waves_of
from headlapse.models.config import ModelConfig
from headlapse.models.one_layer_patterns import normalized

Weights = Mapping[str, np.ndarray]
ATTENTION = "blocks.0.attn."
FIRST, SECOND = 0, 1  # axes of the inputs
SAFE = 600.0  # a difference of scores whose exponential neither overflows nor vanishes


@dataclass(frozen=True)
class LastScores:
    """Scores that the last position gives, for each head of the first layer.

    For each position there is one line over the axis that chooses the token there. `axes[position]` is that axis, or None if
    the token is always the same; the line then has one value.
    """

    lines: tuple[Float[np.ndarray, "head _"], ...]
    axes: tuple[int | None, ...]

    def pattern(self, lines: Sequence[Float[np.ndarray, "head _"]]) -> Float[np.ndarray, "head a b"]:
        """The attention to the first position that results from these scores, on all inputs."""
        scores = [_over_grid(line, axis) for line, axis in zip(lines, self.axes, strict=True)]
        top, least = max(score.max() for score in scores), min(score.min() for score in scores)
        if top - least < SAFE:  # then the exponentials of single tokens do
            first, *others = (np.exp(score - top) for score in scores)
            share: np.ndarray = first / (reduce(np.add, sorted(others, key=np.size)) + first)
        else:
            share = 1 / (1 + reduce(np.add, (np.exp(np.clip(score - scores[0], -SAFE, SAFE)) for score in scores[1:])))
        return np.broadcast_to(share, self._shape(lines))

    def of_one_frequency(self, frequencies: Int[np.ndarray, " head"]) -> list[Float[np.ndarray, "head _"]]:
        """The lines reduced to their mean and one frequency, given for each head; frequency 0 keeps only the mean."""
        return [
            line if axis is None else np.stack([_kept(each, k) for each, k in zip(line, frequencies.tolist(), strict=True)])
            for line, axis in zip(self.lines, self.axes, strict=True)
        ]

    def _shape(self, lines: Sequence[np.ndarray]) -> tuple[int, int, int]:
        heads, size = lines[0].shape
        return heads, size, size


def last_scores(weights: Weights, config: ModelConfig, tokens: Int[np.ndarray, "a b position"]) -> LastScores | None:
    """The scores of the last position of inputs over two axes, in float64.

    None if they are not lines: if a token depends on both axes, or if the last token varies.
    """
    lines = [token_line(tokens[:, :, position]) for position in range(tokens.shape[2])]
    axes = [None if line is None else line[1] for line in lines]
    if any(line is None for line in lines) or axes[-1] is not None or axes[0] is None:
        return None
    embedded = [
        normalized(_embedding(weights, line[0], position), weights, config)
        for position, line in enumerate(lines)
        if line is not None
    ]
    w_q, b_q, w_k, b_k = (weights[ATTENTION + name] for name in ("W_Q", "b_Q", "W_K", "b_K"))
    query = (embedded[-1] @ w_q + b_q[:, None])[:, 0] / config.score_divisor
    toward, constant = np.einsum("hdk,hk->dh", w_k, query), np.einsum("hk,hk->h", b_k, query)
    return LastScores(tuple((rows @ toward + constant).T for rows in embedded), tuple(axes))


def explained(pattern: Float[np.ndarray, "head a b"], model: Float[np.ndarray, "head a b"]) -> Float[np.ndarray, " head"]:
    """The share of the variance of `pattern` that `model` explains.

    At most 1, negative if the mean is closer to the pattern, and NaN if the pattern does not vary.
    """
    pattern = pattern.astype(np.float64, copy=False)
    left = np.square(pattern - model).sum(axis=(1, 2))
    total = np.square(pattern - pattern.mean(axis=(1, 2), keepdims=True)).sum(axis=(1, 2))
    share: np.ndarray = 1 - np.divide(left, total, out=np.full_like(left, np.nan), where=total > 0)
    return share


def _over_grid(line: Float[np.ndarray, "head _"], axis: int | None) -> Float[np.ndarray, "head _ _"]:
    return line[:, None, :] if axis == SECOND else line[:, :, None]


def _kept(line: Float[np.ndarray, " place"], frequency: int) -> Float[np.ndarray, " place"]:
    if frequency == 0:
        return np.full_like(line, line.mean())
    wave = waves_of(len(line), frequency)
    kept: np.ndarray = line.mean() + (line @ wave.T) @ wave
    return kept


def _embedding(weights: Weights, tokens: np.ndarray, position: int) -> np.ndarray:
    rows: np.ndarray = weights["embed.W_E"][tokens].astype(np.float64) + weights["pos_embed.W_pos"][position]
    return rows


def token_line(tokens: Int[np.ndarray, "a b"]) -> tuple[Int[np.ndarray, " place"], int | None] | None:
    """The tokens of one position as a line, and the axis along which it runs; None if they depend on both axes."""
    if (tokens == tokens[0, 0]).all():
        return tokens[0, :1], None
    if (tokens == tokens[:, :1]).all():
        return tokens[:, 0], FIRST
    return (tokens[0], SECOND) if (tokens == tokens[:1]).all() else None


def as_table(scores: LastScores, n_heads: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores as arrays of an artifact: `lines[head, position, place]` and `axes[position]`.

    Heads of later layers are NaN; an axis is -1 if the token is always the same.
    """
    first = scores.lines[0]
    lines = np.full((n_heads, len(scores.axes), first.shape[1]), np.nan, dtype=np.float32)
    for position, line in enumerate(scores.lines):
        lines[: len(line), position] = line
    return lines, np.array([-1 if axis is None else axis for axis in scores.axes], dtype=np.int64)


def from_table(lines: Float[np.ndarray, "head position place"], axes: Int[np.ndarray, " position"]) -> LastScores:
    """The scores that `as_table` turned into arrays."""
    known = tuple(None if axis < 0 else axis for axis in axes.tolist())
    values = np.asarray(lines, dtype=np.float64)
    return LastScores(tuple(values[:, place, : 1 if axis is None else None] for place, axis in enumerate(known)), known)
