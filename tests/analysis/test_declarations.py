"""Every packaged analyzer makes what it declares; `results/test_declared.py` shows what a declaration is for."""

from __future__ import annotations

from pathlib import Path

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.results.expected import Expected
from headlapse.storage import npz
from headlapse.workbench import Variant

PER_EPOCH = [name for name in AnalyzerRegistry.names() if AnalyzerRegistry.get(name).__module__.startswith("headlapse.")]
OF_RUNS = [name for name in CrossEpochRegistry.names() if CrossEpochRegistry.get(name).__module__.startswith("headlapse.")]


def test_every_analyzer_makes_exactly_what_it_declares(trained_copy: Variant, tmp_path: Path) -> None:
    run = trained_copy
    report = AnalysisPipeline(run, AnalysisRunConfig(analyzers=[*PER_EPOCH, *OF_RUNS])).run()
    assert not report.failed
    for name in PER_EPOCH + OF_RUNS:
        analyzer = (AnalyzerRegistry if name in PER_EPOCH else CrossEpochRegistry).get(name)
        declared = analyzer.arrays(run.layout)  # type: ignore[attr-defined]
        arrays = run.artifacts.load_epoch(name, 60)
        assert set(declared) == set(arrays), name
        expected = Expected.of(tmp_path / name, analyzer.arrays, run.layout)  # type: ignore[attr-defined]
        expected.check_headers(npz.describe(npz.pack(arrays)), 1)
        expected.check_values(arrays)
