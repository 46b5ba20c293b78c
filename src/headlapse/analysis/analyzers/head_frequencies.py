"""Frequencies modulo p in each head's attention, in its scores and in the embedding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache
from headlapse.analysis.library.energies import grid_shares, line_energies, line_shares
from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.families.cyclic import modulus, n_frequencies, residues
from headlapse.models.config import ModelConfig
from headlapse.models.last_scores import LastScores, Weights, as_table, explained, last_scores, token_line
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class HeadFrequenciesAnalyzer:
    """Shares and energies of the frequencies k = 1 to p // 2, at places 0 to p // 2 - 1, for inputs whose two axes are Z_p.

    From the patterns: `pattern_share[head, to, from, frequency]` and `cross[head, to, from]`, the share of products of two
    different frequencies (see `library.energies.grid_shares`). NaN if attention is constant.

    From the weights, NaN if there are none: `score_share[head, frequency]`, the shares in the scores that the last position
    gives to the first (heads of the first layer); `embedding_power[frequency]`, the energy of W_E summed over d_model;
    `fve[head]`, the share of the variance of the pattern from last to first position that is explained by the softmax of the
    scores, reduced to their means and the head's frequency; `score_lines` and `score_axes`, the scores themselves
    (see `models.last_scores`).

    `frequency[head]` is the frequency with the largest share in the score, or in the pattern from last to first position if no
    score is known, and `share[head]` is that share: 0 and NaN if there is none. There is always a largest share: at
    initialisation it is about 0.1 at p = 113. k and p - k are the same wave, so the direction of rotation is not seen. The
    pattern of a saturated head has frequencies that its score does not have. The analyzer applies only if both axes are Z_p.

    Source of the waves: Nanda et al., "Progress measures for grokking via mechanistic interpretability" (2023), section 4.
    """

    name: str = "head_frequencies"
    version: int = 1
    reads: str = "attention_patterns"
    takes_numpy: ClassVar[bool] = True
    takes_weights: ClassVar[bool] = True

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Any,
        cache: Cache,
        context: Mapping[str, Any],
    ) -> dict[str, np.ndarray]:
        patterns, axes = cache["patterns"], context["axes"]
        p = modulus(axes)
        if p is None:
            raise InvalidValueError(self.unsuited(axes))
        tokens = None if probe is None else probe.reshape(p, p, -1)
        if any(axis.ticks is not None for axis in axes):
            places = np.ix_(*(np.argsort(residues(axis)) for axis in axes))
            patterns, tokens = patterns[(..., *places)], None if tokens is None else tokens[places]
        made = _arrays(patterns.shape, p)
        made["pattern_share"], made["cross"] = grid_shares(patterns)
        scores = None
        if context["weights"] is not None and tokens is not None:
            scores = _of_weights(made, context["weights"], context["model_config"], tokens)
        made["frequency"], made["share"] = strongest(made["score_share"], made["pattern_share"][:, -1, 0])
        if scores is not None:
            n = len(scores.lines[0])  # heads of the first layer
            one = scores.pattern(scores.of_one_frequency(made["frequency"][:n]))
            made["fve"][:n] = explained(patterns[:n, -1, 0], one)
        return made

    def unsuited(self, axes: Sequence[Axis]) -> str:
        if modulus(axes) is not None:
            return ""
        described = ", ".join(f"{axis.name} of size {axis.size}{_ticks(axis)}" for axis in axes)
        return f"its inputs are not two numbers modulo p, two axes of 0 to p-1, but {described}"

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        p = _modulus_of(run)
        n = n_frequencies(p)
        pairs = (run.heads, run.n_to, run.n_from)
        share = partial(ArrayRule, dtype="float64", low=0, high=1, may_be_nan=True)
        return {
            "pattern_share": share((*pairs, n)),
            "cross": share(pairs),
            "score_share": share((run.heads, n)),
            "embedding_power": ArrayRule((n,), "float64", low=0, may_be_nan=True),
            "fve": ArrayRule((run.heads,), "float64", high=1, may_be_nan=True),
            "frequency": ArrayRule((run.heads,), "int64", low=0, high=n),
            "share": share((run.heads,)),
            "score_lines": ArrayRule((run.heads, "position", p), may_be_nan=True),
            "score_axes": ArrayRule(("position",), "int64", low=-1, high=1),
        }


def strongest(score_share: np.ndarray, pattern_share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The frequency of each head with the largest share, and that share: 0 and NaN if no share is known.

    Both arguments are `(head, frequency)`. The share in the score decides, or that in the pattern if no score is known.
    """
    shares = np.where(np.isnan(score_share), pattern_share, score_share)
    filled = np.nan_to_num(shares, nan=-1.0)
    places = filled.argmax(axis=1)
    largest = np.take_along_axis(shares, places[:, None], axis=1)[:, 0]
    return np.where(np.isnan(largest), 0, places + 1), largest


def _ticks(axis: Axis) -> str:
    return f" ({', '.join(axis.ticks[:2])}, ...)" if axis.ticks else ""


def _of_weights(made: Arrays, weights: Weights, config: ModelConfig, tokens: np.ndarray) -> LastScores | None:
    """Fill in what is known from weights; the scores, where they are lines."""
    line = token_line(tokens[:, :, 0])
    if line is not None and line[1] is not None:
        embedding = weights["embed.W_E"][line[0]]
        made["embedding_power"][:] = line_energies(embedding.T).sum(axis=0)
    scores = last_scores(weights, config, tokens)
    if scores is not None:
        made["score_share"][: len(scores.lines[0])] = line_shares(scores.lines[0])
        made["score_lines"], made["score_axes"] = as_table(scores, len(made["fve"]))
    return scores


def _arrays(patterns: tuple[int, ...], p: int) -> Arrays:
    """All arrays for patterns of this shape, filled with unknown values."""
    heads, to, from_ = patterns[:3]
    n = n_frequencies(p)
    shapes = {"pattern_share": (heads, to, from_, n), "cross": (heads, to, from_), "score_share": (heads, n)}
    shapes |= {"embedding_power": (n,), "fve": (heads,), "share": (heads,)}
    unknown = {name: np.full(shape, np.nan) for name, shape in shapes.items()}
    lines = np.full((heads, 1, p), np.nan, dtype=np.float32)
    return {
        **unknown,
        "frequency": np.zeros(heads, dtype=np.int64),
        "score_lines": lines,
        "score_axes": np.full(1, -1, dtype=np.int64),
    }


def _modulus_of(run: RunLayout) -> int:
    """The modulus p of a run, from its sizes; 0 if its axes cannot be Z_p."""
    return modulus([Axis(str(place), size) for place, size in enumerate(run.axes)]) or 0


AnalyzerRegistry.register(HeadFrequenciesAnalyzer())
