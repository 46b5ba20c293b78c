"""Analyzers: one module each, discovered; the module's name is the analyzer's name and its artifact folder."""

from headlapse.analysis.protocol import Analyzer
from headlapse.registry import Registry


class AnalyzerRegistry(Registry[Analyzer]):
    """The analyzers that exist: modules of this package, entry points `headlapse.analyzers`, and registered ones."""

    kind = "analyzer"
    package = "headlapse.analysis.analyzers"
    group = "headlapse.analyzers"


__all__ = ["AnalyzerRegistry"]
