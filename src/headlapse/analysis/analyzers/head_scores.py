"""How much of each head's attention goes to the previous, first and current token, and to the target of induction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Float, Int

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout

Patterns = Float[np.ndarray, "head to from inputs"]
ToPositions = Int[np.ndarray, " to"]
FromPositions = Int[np.ndarray, " from"]
Tokens = Int[np.ndarray, "inputs positions"]
SCORES = ("previous_token", "induction", "first_token", "current_token")


@dataclass(frozen=True)
class HeadScoresAnalyzer:
    """`scores[head, score]`, shares of attention in [0, 1], in the order of `SCORES`. NaN if a score is not defined.

    - `previous_token`: attention from a position to the one before it.
    - `induction` (prefix matching): attention from a token to the tokens after its earlier occurrences, summed over these.
    - `first_token`: attention to position 0.
    - `current_token`: attention from a position to itself.

    Each is the mean over all inputs and over all attending positions except position 0, which can only attend to itself in a
    causal model. Induction counts a position only if its token occurred before with another token in between: in `x y x`
    the second x should look at y; in `x x` there is nothing to look at. It is NaN if no input has such a position, as in
    `[a, b, =]`, or if the tokens are unknown. All scores are NaN if positions attend to another sequence. If only some
    positions are stored, a position counts if everything that it should look at is stored.

    What can mislead: at position 1 the previous token is the first one; attention spread evenly over n positions gives each
    score 1 / n; a token may repeat by chance, more often in a small vocabulary; and a score says where a head looks, not what
    it does with it.

    Source: Olsson et al., "In-context Learning and Induction Heads" (2022), prefix matching and previous token heads.
    """

    name: str = "head_scores"
    version: int = 1
    reads: str = "attention_patterns"
    takes_numpy: ClassVar[bool] = True

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Any,
        cache: Cache,
        context: Mapping[str, Any],
    ) -> dict[str, Float[np.ndarray, "head score"]]:
        patterns = rearrange(cache["patterns"], "head to_pos from_pos ... -> head to_pos from_pos (...)")
        layout = context.get("layout")
        if layout is not None and layout.sources is not None:
            return {"scores": np.full((len(patterns), len(SCORES)), np.nan)}
        stored = (None, None) if layout is None else (layout.to_positions, layout.from_positions)
        to, from_ = (_stored(kept, size) for kept, size in zip(stored, patterns.shape[1:3], strict=True))
        mean = patterns.mean(axis=-1, dtype=np.float64)
        scores = {
            "previous_token": _to_one(mean, to, from_, to - 1),
            "induction": _induction(patterns, to, from_, probe),
            "first_token": _to_one(mean, to, from_, np.zeros_like(to)),
            "current_token": _to_one(mean, to, from_, to),
        }
        return {"scores": np.stack([scores[name] for name in SCORES], axis=1)}

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        return {"scores": ArrayRule((run.heads, len(SCORES)), "float64", low=0, high=1, may_be_nan=True)}


def _stored(positions: Sequence[int] | None, size: int) -> Int[np.ndarray, " position"]:
    return np.arange(size) if positions is None else np.asarray(positions)


def _to_one(
    mean: Float[np.ndarray, "head to from"], to: ToPositions, from_: FromPositions, wanted: ToPositions
) -> Float[np.ndarray, " head"]:
    """Mean attention from each position in `to` to that in `wanted`, over the stored ones."""
    is_wanted = (from_ == wanted[:, None]) & (to[:, None] > 0)
    return _share(mean[:, is_wanted].sum(axis=1), int(is_wanted.sum()))


def _induction(patterns: Patterns, to: ToPositions, from_: FromPositions, tokens: Tokens | None) -> Float[np.ndarray, " head"]:
    if tokens is None:
        return np.full(len(patterns), np.nan)
    everywhere = _after_earlier_occurrence(tokens, to)
    wanted = everywhere[:, from_]
    is_counted = wanted.any(axis=1) & (wanted.sum(axis=1) == everywhere.sum(axis=1))
    seen = np.einsum("hton,ton->h", patterns, wanted & is_counted[:, None], dtype=np.float64)
    return _share(seen, int(is_counted.sum()))


def _after_earlier_occurrence(tokens: Tokens, to: ToPositions) -> Bool[np.ndarray, "to positions inputs"]:
    """Which positions before `to` follow an occurrence of the token at `to`."""
    before = np.roll(tokens, 1, axis=1)  # of position 0 the last one, which is never before
    is_same = rearrange(tokens[:, to], "n to_pos -> to_pos 1 n") == rearrange(before, "n from_pos -> 1 from_pos n")
    places = np.arange(tokens.shape[1])
    is_between = (places > 0) & (places < to[:, None])
    matches: np.ndarray = is_same & is_between[:, :, None]
    return matches


def _share(attention: Float[np.ndarray, " head"], count: int) -> Float[np.ndarray, " head"]:
    """The mean over `count` positions, NaN over none, without what rounding adds to a whole."""
    return np.minimum(attention / count, 1.0) if count else np.full(len(attention), np.nan)


AnalyzerRegistry.register(HeadScoresAnalyzer())
