from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig, ArtifactLoader
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.results.checkpoints import write_checkpoint
from headlapse.storage import atomic
from headlapse.storage.filesystem import Disk
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant

NAME = "attention_patterns"


@dataclass(frozen=True)
class Failing:
    name: str = "failing"

    def analyze(self, model, probe, cache, context):
        if context["epoch"] == 20:
            raise RuntimeError("no head is good enough")
        return {"epoch": np.array(context["epoch"]), "keys": np.array(len(cache))}


@pytest.fixture
def failing_analyzer() -> Iterator[str]:
    AnalyzerRegistry.register(Failing())
    yield "failing"
    del AnalyzerRegistry._items["failing"]


def analyze(variant: Variant, **config: object):
    return AnalysisPipeline(variant, AnalysisRunConfig(**{"analyzers": [NAME], **config})).run()


def epochs_of(outcomes: list) -> list[int]:
    return [outcome.epoch for outcome in outcomes]


def test_training_left_every_checkpoint_analysed(trained: Variant) -> None:
    assert ArtifactLoader(trained.artifacts_dir).get_epochs(NAME) == trained.epochs == [0, 20, 40, 60]
    report = analyze(trained)
    assert epochs_of(report.skipped) == [0, 20, 40, 60] and not report.computed and not report.failed
    assert str(report) == "nothing to do: all 4 artifacts are up to date"


def test_only_what_is_missing_is_computed(trained_copy: Variant) -> None:
    trained_copy.paths.artifacts.file(NAME, 20).unlink()
    report = analyze(trained_copy)
    assert epochs_of(report.computed) == [20] and epochs_of(report.skipped) == [0, 40, 60]


def test_only_the_chosen_checkpoints_are_analysed(trained_copy: Variant) -> None:
    for epoch in trained_copy.epochs:
        trained_copy.paths.artifacts.file(NAME, epoch).unlink()
    report = analyze(trained_copy, checkpoints=[40, 0, 40], analyzers=[NAME])
    assert epochs_of(report.computed) == [0, 40] == trained_copy.artifacts.get_epochs(NAME)


def test_force_computes_the_same_bytes_again(trained_copy: Variant) -> None:
    path = trained_copy.paths.artifacts.file(NAME, 20)
    before = path.read_bytes()
    path.write_bytes(b"")
    assert epochs_of(analyze(trained_copy, force=True).computed) == [0, 20, 40, 60]
    assert path.read_bytes() == before


def test_a_folder_is_flushed_once_after_all_its_files(trained_copy: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Telling(Disk):
        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            done.append(target.name)

        def sync_folder(self, path: Path) -> None:
            super().sync_folder(path)
            done.append(path.name)

    monkeypatch.setattr(atomic, "disk", Telling())
    analyze(trained_copy, force=True, analyzers=[NAME])
    of_artifacts = [name for name in done if name == NAME or name.endswith(".npz")]
    assert len(of_artifacts) == 5 and of_artifacts[-1] == NAME


def test_an_artifact_is_stale_by_content_never_by_time(trained_copy: Variant) -> None:
    path = trained_copy.paths.checkpoint(20)
    os.utime(path)
    assert not analyze(trained_copy).computed
    weights = trained_copy.checkpoint(20).weights
    write_checkpoint(path, {name: array + 0.01 for name, array in weights.items()}, trained_copy.identity(20))
    assert epochs_of(analyze(trained_copy).computed) == [20]


def test_an_artifact_of_an_older_analyzer_is_stale(trained_copy: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = replace(AnalyzerRegistry.get(NAME), version=2)  # type: ignore[type-var]
    monkeypatch.setitem(AnalyzerRegistry._items, NAME, newer)
    assert epochs_of(analyze(trained_copy).computed) == [0, 20, 40, 60]


def test_a_truncated_artifact_is_computed_again(trained_copy: Variant) -> None:
    path = trained_copy.paths.artifacts.file(NAME, 20)
    path.write_bytes(path.read_bytes()[:-30])
    assert epochs_of(analyze(trained_copy).computed) == [20]


def test_a_broken_checkpoint_is_reported_and_hides_no_other(trained_copy: Variant) -> None:
    for epoch in trained_copy.epochs:
        trained_copy.paths.artifacts.file(NAME, epoch).unlink()
    weights = {name: array.copy() for name, array in trained_copy.checkpoint(20).weights.items()}
    weights["embed.W_E"][0, 0] = np.nan
    write_checkpoint(trained_copy.paths.checkpoint(20), weights, trained_copy.identity(20))
    path = trained_copy.paths.checkpoint(40)
    path.write_bytes(path.read_bytes()[:-100])
    report = analyze(trained_copy)
    assert epochs_of(report.computed) == [0, 60]
    nan, cut = report.failed
    assert nan.epoch == 20 and "embed.W_E contains NaN or infinity" in nan.reason
    assert cut.epoch == 40 and str(path) in cut.reason and "train with --restart" in cut.reason


def test_an_analyzer_that_fails_hides_neither_epochs_nor_other_analyzers(trained_copy: Variant, failing_analyzer: str) -> None:
    report = analyze(trained_copy, analyzers=[failing_analyzer, NAME])
    assert epochs_of(report.computed) == [0, 40, 60]
    (failure,) = report.failed
    assert failure.reason == "analyzer failing failed: RuntimeError: no head is good enough"
    loaded = trained_copy.artifacts.load_epoch(failing_analyzer, 40)
    assert loaded["epoch"] == 40 and loaded["keys"] > 10, "an analyzer that does not say what it reads gets everything"


@dataclass(frozen=True)
class Mistaken:
    name: str = "mistaken"
    version: int = 1
    captures: tuple = (("patern", 0),)

    def analyze(self, model, probe, cache, context):
        return {"pattern": cache["patern", 0].numpy()}


def test_an_analyzer_that_asks_for_no_activation_hides_no_other(trained_copy: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(AnalyzerRegistry._items, "mistaken", Mistaken())
    report = analyze(trained_copy, analyzers=["mistaken", NAME], force=True)
    assert epochs_of(report.computed) == [0, 20, 40, 60]
    assert epochs_of(report.failed) == [0, 20, 40, 60]
    assert all("analyzer mistaken failed" in failure.reason and "patern" in failure.reason for failure in report.failed)


def test_what_does_not_exist_is_refused(trained: Variant, family: ModelFamily, tmp_path) -> None:
    with pytest.raises(InvalidValueError, match=r"has no checkpoint at epoch 30; it has 0 to 60, 4 in all"):
        analyze(trained, checkpoints=[0, 30])
    with pytest.raises(UnknownNameError, match=r"unknown analyzer 'nothing'; known: .*attention_patterns"):
        analyze(trained, analyzers=["nothing"])
    untrained = family.variant(prime=5, results=tmp_path)
    assert str(analyze(untrained)) == "nothing to analyse: there are no checkpoints; train the variant first"


def test_training_and_analysing_again_give_the_same_bytes_where_numpy_would_take_two_threads(
    family: ModelFamily, tmp_path: Path
) -> None:
    variant = family.variant(prime=197, results=tmp_path)
    variant.train(0, checkpoint_epochs=[0], analyze=False, progress=Silent())
    pipeline = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=[NAME], force=True))
    path = variant.paths.artifacts.file(NAME, 0)
    with threadpool_limits(2, user_api="blas"):
        assert pipeline.analyze_epoch(0).computed
        as_it_lands = path.read_bytes()
        assert pipeline.run().computed and path.read_bytes() == as_it_lands


def test_arrays_that_no_file_holds_are_reported_and_hide_no_other(trained_copy: Variant) -> None:
    @dataclass(frozen=True)
    class OfObjects:
        name: str = "of_objects"

        def analyze(self, model, probe, cache, context):
            return {"anything": np.array([object()])}

    AnalyzerRegistry.register(OfObjects())
    try:
        report = analyze(trained_copy, analyzers=[NAME, "of_objects"], checkpoints=[20], force=True)
    finally:
        del AnalyzerRegistry._items["of_objects"]
    assert [outcome.analyzer for outcome in report.computed] == [NAME]
    assert "analyzer of_objects failed: " in report.failed[0].reason and "objects" in report.failed[0].reason
