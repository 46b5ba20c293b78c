"""An analysis that cannot fit is refused before any work, with figures; what is there already needs no room."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.errors import InvalidValueError
from headlapse.results import limits
from headlapse.workbench import Variant

NAME = "attention_patterns"
ONE_EPOCH = int(0.3 * 4 * 4 * 9 * 49)  # float32, 4 heads, 9 position pairs, 7 * 7 inputs
PROBE = 8 * 3 * 49


@pytest.fixture
def unanalysed(trained_copy: Variant) -> Variant:
    """A run of four checkpoints of which one is analysed."""
    for epoch in (0, 20, 40):
        trained_copy.paths.artifacts.file(NAME, epoch).unlink()
    return trained_copy


def files(variant: Variant) -> list[Path]:
    return sorted(variant.results.rglob("*"))


def analyze(variant: Variant, **config: object) -> int:
    return len(AnalysisPipeline(variant, AnalysisRunConfig(analyzers=[NAME], **config)).run().computed)  # type: ignore[arg-type]


def test_only_missing_epochs_count_towards_the_disk(unanalysed: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(unanalysed)
    monkeypatch.setattr(limits, "free_bytes", lambda path: 3 * ONE_EPOCH - 1)
    with pytest.raises(InvalidValueError, match=r"patterns of 3 epochs need at least 0\.0 MB and .+ free; choose"):
        analyze(unanalysed)
    assert files(unanalysed) == before
    assert analyze(unanalysed, checkpoints=[0, 60]) == 1
    assert analyze(unanalysed) == 2, "two are left, and there is room for them"


def test_memory_counts_where_something_will_be_computed(unanalysed: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory_free", lambda device: PROBE)
    with pytest.raises(InvalidValueError, match=r"analysis needs at least .+ of memory and cpu has .+ free \(prime 7,"):
        analyze(unanalysed)
    assert analyze(unanalysed, checkpoints=[60]) == 0
    with pytest.raises(InvalidValueError, match="analysis needs"):
        analyze(unanalysed, checkpoints=[60], force=True)
    monkeypatch.setattr(limits, "memory_free", lambda device: PROBE - 1)
    with pytest.raises(InvalidValueError, match="analysis needs"):
        analyze(unanalysed, checkpoints=[60])


def test_a_huge_modulus_is_refused_at_once(unanalysed: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = unanalysed.family.variant(prime=1_000_000, results=unanalysed.results)
    huge.paths.checkpoints.mkdir(parents=True)
    shutil.copy(unanalysed.paths.checkpoint(0), huge.paths.checkpoint(0))
    with pytest.raises(InvalidValueError, match=r"analysis needs at least [\d,.]+ GB of memory .+ \(prime 1,000,000"):
        analyze(huge)


REFUSALS = [("memory_free", "of memory and cpu has"), ("free_bytes", "0.0 MB free; choose fewer")]


@pytest.mark.parametrize(("what", "words"), REFUSALS)
def test_the_command_line_says_it_in_one_line(
    what: str, words: str, unanalysed: Variant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits, what, lambda _: 100)
    arguments = ["analyze", unanalysed.name, "--results", str(unanalysed.results)]
    assert run_guarded(lambda: build_app()(arguments, standalone_mode=False), debug=False) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("error: ") and words in line
