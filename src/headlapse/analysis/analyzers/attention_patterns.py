"""Where every head attends, for every possible input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from einops import rearrange
from jaxtyping import Float32, Int

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache, extract_attention_patterns, grid_side
from headlapse.analysis.protocol import CacheKey
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout


@dataclass(frozen=True)
class AttentionPatternsAnalyzer:
    """`patterns[head, to, from, a, b]`: weight that `to` gives to `from` on the input `[a, b, =]`, in [0, 1].

    The probe must hold all p*p pairs, row `a*p + b`. Only the cache is read; `model` may be None.
    """

    name: str = "attention_patterns"
    version: int = 1
    captures: tuple[CacheKey, ...] = (("pattern", 0),)

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Int[Any, "inputs positions"],
        cache: Cache,
        context: Mapping[str, Any],  # noqa: ARG002 -- part of the analyzer contract
    ) -> dict[str, Float32[np.ndarray, "head to from p p"]]:
        p = grid_side(probe)
        patterns = extract_attention_patterns(cache).numpy(force=True).astype(np.float32, copy=False)
        grid = rearrange(patterns, "(a b) head to_pos from_pos -> head to_pos from_pos a b", a=p, b=p)
        return {"patterns": np.ascontiguousarray(grid)}

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        shape = (run.heads, run.n_to, run.n_from, *run.axes)
        return {"patterns": ArrayRule(shape, run.dtype, low=0, high=1, rows=run.row_sums(axis=2))}


AnalyzerRegistry.register(AttentionPatternsAnalyzer())
