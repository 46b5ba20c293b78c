"""Analysis: checkpoints in, arrays out."""

from headlapse.analysis.pipeline import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.protocol import AnalysisContext, Analyzer, SelectiveAnalyzer
from headlapse.analysis.report import AnalysisReport
from headlapse.results.artifacts import ArtifactLoader

__all__ = [
    "AnalysisContext",
    "AnalysisPipeline",
    "AnalysisReport",
    "AnalysisRunConfig",
    "Analyzer",
    "ArtifactLoader",
    "SelectiveAnalyzer",
]
