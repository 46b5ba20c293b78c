"""How spread every head's attention is, for every possible input."""

from __future__ import annotations

import math
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
class AttentionEntropyAnalyzer:
    """`entropy[head, to, a, b]` in nats: 0 where `to` attends to one position, log(n) where it attends to n evenly.

    It says how sure a head is, not where it looks: attention that moves from one position to another at equal spread leaves
    the entropy as it was. The first position attends to itself alone, so its entropy is 0 throughout.
    """

    name: str = "attention_entropy"
    version: int = 1
    captures: tuple[CacheKey, ...] = (("pattern", 0),)

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Int[Any, "inputs positions"],
        cache: Cache,
        context: Mapping[str, Any],  # noqa: ARG002 -- part of the analyzer contract
    ) -> dict[str, Float32[np.ndarray, "head to p p"]]:
        import torch

        p = grid_side(probe)
        entropy = torch.special.entr(extract_attention_patterns(cache).detach()).sum(dim=-1)
        grid = rearrange(entropy, "(a b) head to -> head to a b", a=p, b=p)
        return {"entropy": grid.float().cpu().contiguous().numpy()}

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        return {"entropy": ArrayRule((run.heads, run.n_to, *run.axes), low=0, high=math.log(run.positions))}


AnalyzerRegistry.register(AttentionEntropyAnalyzer())
