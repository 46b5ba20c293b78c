"""Analysis: checkpoints in, arrays out."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.analysis.pipeline import AnalysisPipeline as AnalysisPipeline
    from headlapse.analysis.pipeline import AnalysisRunConfig as AnalysisRunConfig
    from headlapse.analysis.protocol import AnalysisContext as AnalysisContext
    from headlapse.analysis.protocol import Analyzer as Analyzer
    from headlapse.analysis.protocol import DeclaringAnalyzer as DeclaringAnalyzer
    from headlapse.analysis.protocol import SelectiveAnalyzer as SelectiveAnalyzer
    from headlapse.analysis.report import AnalysisReport as AnalysisReport
    from headlapse.results.loader import ArtifactLoader as ArtifactLoader

__all__, __getattr__ = exports(__name__)
