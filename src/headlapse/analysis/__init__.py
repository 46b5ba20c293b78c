"""Analysis: checkpoints in, arrays out."""

from typing import TYPE_CHECKING

from headlapse.lazy import names_from

if TYPE_CHECKING:
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

__getattr__ = names_from(
    __name__,
    {
        "AnalysisContext": "headlapse.analysis.protocol",
        "AnalysisPipeline": "headlapse.analysis.pipeline",
        "AnalysisReport": "headlapse.analysis.report",
        "AnalysisRunConfig": "headlapse.analysis.pipeline",
        "Analyzer": "headlapse.analysis.protocol",
        "ArtifactLoader": "headlapse.results.artifacts",
        "SelectiveAnalyzer": "headlapse.analysis.protocol",
    },
)
