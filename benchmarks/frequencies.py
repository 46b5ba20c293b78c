"""The cost of the frequencies of heads per checkpoint, beside the patterns: numpy, float64, one BLAS thread."""

from __future__ import annotations

from benchmarks.steps import TRAINED, Published
from benchmarks.timing import compare
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.making import Maker
from headlapse.system.blas_threads import one_blas_thread

PATTERNS, FREQUENCIES = "attention_patterns", "head_frequencies"
MOST_MS = 4.0


def print_frequencies(published: Published) -> None:
    """Print how much longer both artifacts of a checkpoint take than the patterns alone."""
    analyzers = [AnalyzerRegistry.get(name) for name in (PATTERNS, FREQUENCIES)]
    maker = Maker(published.variant, analyzers, lambda *_: False, "cpu")
    with one_blas_thread:
        row = compare("both", lambda: maker.make(analyzers, TRAINED), lambda: maker.make(analyzers[:1], TRAINED), repeats=51)
    beside = (row.plain - row.ours) * 1e3
    print(f"\nfrequencies of heads, p = 113: {beside:.2f} ms per checkpoint beside the patterns (aim: {MOST_MS:.0f} at most)")
    print(f"  patterns {row.ours * 1e3:.2f} ms, patterns and frequencies {row.plain * 1e3:.2f} ms")
