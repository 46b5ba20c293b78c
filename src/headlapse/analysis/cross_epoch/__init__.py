"""Analyzers across epochs: one module each, discovered; the module's name is the analyzer's name and its artifact folder."""

from headlapse.analysis.protocol import CrossEpochAnalyzer
from headlapse.registry import Registry


class CrossEpochRegistry(Registry[CrossEpochAnalyzer]):
    """The analyzers across epochs: modules of this package, entry points `headlapse.cross_epoch_analyzers`, registered ones."""

    kind = "cross-epoch analyzer"
    package = "headlapse.analysis.cross_epoch"
    group = "headlapse.cross_epoch_analyzers"


__all__ = ["CrossEpochRegistry"]
