"""How spread every head's attention is, for every possible input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float32

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.library import Cache
from headlapse.results.array_rule import ArrayRule
from headlapse.results.run_layout import RunLayout


@dataclass(frozen=True)
class AttentionEntropyAnalyzer:
    """`entropy[head, to, *axes]` in nats: 0 where `to` attends to one position, log(n) where it attends to n evenly.

    It measures how concentrated attention is, not where it goes: attention that moves from one position to another with the
    same spread does not change the entropy. The first position of a causal model attends only to itself, so its entropy is
    always 0. If only some positions are stored, the sum runs only over these.
    """

    name: str = "attention_entropy"
    version: int = 3
    reads: str = "attention_patterns"
    takes_numpy: ClassVar[bool] = True

    def analyze(
        self,
        model: Any,  # noqa: ARG002 -- part of the analyzer contract
        probe: Any,  # noqa: ARG002 -- part of the analyzer contract
        cache: Cache,
        context: Mapping[str, Any],  # noqa: ARG002 -- part of the analyzer contract
    ) -> dict[str, Float32[np.ndarray, "head to *axes"]]:
        patterns = cache["patterns"].astype(np.float32, copy=False)
        logs = np.log(patterns, out=np.zeros_like(patterns), where=patterns > 0)
        entropy = 0 - np.einsum("htf...,htf...->ht...", patterns, logs)
        return {"entropy": np.ascontiguousarray(entropy, dtype=np.float32)}

    def arrays(self, run: RunLayout) -> dict[str, ArrayRule]:
        return {"entropy": ArrayRule((run.heads, run.n_to, *run.axes), low=0, high=math.log(run.attended))}


AnalyzerRegistry.register(AttentionEntropyAnalyzer())
