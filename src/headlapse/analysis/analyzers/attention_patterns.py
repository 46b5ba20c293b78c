"""Where every head attends, for every possible input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float32

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache, extract_all_patterns, over_axes
from headlapse.analysis.protocol import CacheKey
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout


@dataclass(frozen=True)
class AttentionPatternsAnalyzer:
    """`patterns[head, to, from, *axes]`: the weight that `to` gives to `from` on each input, in [0, 1], float32.

    Heads run over layers, then over the heads of a layer; the axes are those of the probe. Reads only the cache; `model` may
    be None.
    """

    name: str = "attention_patterns"
    version: int = 1
    captures: tuple[CacheKey, ...] = (("pattern", None),)
    takes_numpy: ClassVar[bool] = True

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Any,  # noqa: ARG002 -- part of the analyzer contract
        cache: Cache,
        context: Mapping[str, Any],
    ) -> dict[str, Float32[np.ndarray, "head to from *axes"]]:
        patterns = extract_all_patterns(cache, context["n_layers"]).astype(np.float32, copy=False)
        return {"patterns": np.ascontiguousarray(over_axes(patterns, context["axes"]))}

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        shape = (run.heads, run.n_to, run.n_from, *run.axes)
        return {"patterns": ArrayRule(shape, run.dtype, low=0, high=1, rows=run.row_sums(axis=2))}


AnalyzerRegistry.register(AttentionPatternsAnalyzer())
