import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.errors import FileStateError, UnknownNameError
from headlapse.results.checkpoints import write_checkpoint
from headlapse.workbench import Variant

NAME = "attention_lock_in"


def analyze(variant: Variant, **config: object):
    return AnalysisPipeline(variant, AnalysisRunConfig(**config)).run()


def names_of(outcomes: list) -> list[str]:
    return [outcome.analyzer for outcome in outcomes]


def test_training_left_the_run_analysed(trained: Variant) -> None:
    arrays = trained.artifacts.load_run(NAME)
    assert arrays["epochs"].tolist() == trained.epochs == trained.artifacts.get_epochs(NAME)
    assert arrays["test_accuracy"].tolist() == [trained.record(epoch)["test_accuracy"] for epoch in trained.epochs]
    assert NAME in trained.artifacts.get_available_analyzers()


def test_any_epoch_gives_the_arrays_of_the_run(trained: Variant) -> None:
    for epoch in trained.epochs:
        of_epoch, of_run = trained.artifacts.load_epoch(NAME, epoch), trained.artifacts.load_run(NAME)
        np.testing.assert_array_equal(of_epoch["distance"], of_run["distance"])


def test_it_is_computed_again_only_when_a_source_changed(trained_copy: Variant) -> None:
    assert names_of(analyze(trained_copy).skipped).count(NAME) == 1
    before = trained_copy.artifacts.load_run(NAME)
    weights = trained_copy.checkpoint(20).weights
    wider = {name: array * (3 if name.endswith("W_Q") else 1) for name, array in weights.items()}
    write_checkpoint(trained_copy.paths.checkpoint(20), wider, trained_copy.identity(20))
    assert NAME in names_of(analyze(trained_copy).computed)
    after = trained_copy.artifacts.load_run(NAME)
    assert (before["distance"][1] != after["distance"][1]).any()
    np.testing.assert_array_equal(before["distance"][2:], after["distance"][2:])


def test_an_epoch_whose_artifact_is_damaged_or_stale_is_left_out(trained_copy: Variant) -> None:
    paths = trained_copy.paths
    for damaged in (paths.checkpoint(20), paths.artifacts.file("attention_patterns", 20)):
        damaged.write_bytes(damaged.read_bytes()[:-9])
    weights = {name: array * np.nan for name, array in trained_copy.checkpoint(40).weights.items()}
    write_checkpoint(paths.checkpoint(40), weights, trained_copy.identity(40))
    assert {outcome.epoch for outcome in analyze(trained_copy).failed} == {20, 40}
    assert trained_copy.artifacts.load_run(NAME)["epochs"].tolist() == [0, 60]


def test_a_damaged_result_is_made_again(trained_copy: Variant) -> None:
    path = trained_copy.paths.artifacts.run_file(NAME)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with pytest.raises(FileStateError, match="analyze"):
        trained_copy.artifacts.load_run(NAME)
    assert names_of(analyze(trained_copy).computed) == [NAME]
    assert path.read_bytes() == whole


def change_the_accuracy(variant: Variant, epoch: int) -> None:
    """A few bytes of the checkpoint's header fall over; it is JSON still, and says something else."""
    path = variant.paths.checkpoint(epoch)
    content = path.read_bytes()
    stated = json.dumps({"test_accuracy": variant.checkpoint(epoch).extra["test_accuracy"]})[1:-1].replace('"', '\\"').encode()
    assert stated in content
    path.write_bytes(content.replace(stated, stated[:-1] + (b"1" if stated[-1:] != b"1" else b"2")))


def test_a_number_changed_in_a_checkpoint_is_never_shown(trained_copy: Variant) -> None:
    """The weights' artifact stays, but what a damaged checkpoint says of itself is not taken over.

    Earlier versions kept accuracies in the checkpoints alone.
    """
    trained_copy.paths.artifacts.run_file(NAME).unlink()
    shutil.rmtree(trained_copy.paths.scalars)
    change_the_accuracy(trained_copy, 40)
    report = analyze(trained_copy)
    assert [(failure.analyzer, failure.epoch) for failure in report.failed] == [(NAME, 40)]
    assert "checkpoint_epoch_00040.safetensors: is damaged" in report.failed[0].reason
    assert trained_copy.artifacts.load_run(NAME)["epochs"].tolist() == [0, 20, 60]
    assert names_of(analyze(trained_copy).skipped).count(NAME) == 1, "what can be had is not made again"
    with pytest.raises(FileStateError, match="is damaged"):
        trained_copy.record(40)


def test_what_stands_beside_a_damaged_checkpoint_is_still_known(trained_copy: Variant) -> None:
    before = trained_copy.artifacts.load_run(NAME)
    trained_copy.paths.artifacts.run_file(NAME).unlink()
    change_the_accuracy(trained_copy, 40)
    assert not analyze(trained_copy).failed
    after = trained_copy.artifacts.load_run(NAME)
    assert all(np.array_equal(before[name], after[name], equal_nan=True) for name in before)


def test_without_artifacts_there_is_nothing_to_do(trained_copy: Variant) -> None:
    for epoch in trained_copy.epochs:
        trained_copy.paths.artifacts.file("attention_patterns", epoch).unlink()
    trained_copy.paths.artifacts.run_file(NAME).unlink()
    report = analyze(trained_copy, analyzers=[NAME])
    assert not (report.computed or report.skipped or report.failed)


@dataclass(frozen=True)
class Failing:
    name: str = "failing_across"
    version: int = 1
    source: str = "attention_patterns"

    def analyze_epochs(self, series, context):
        assert list(series) == [0, 20, 40, 60] and context["position_labels"] == ("a", "b", "=")
        with pytest.raises(KeyError):
            series[30]
        raise RuntimeError("no run is good enough")


@pytest.fixture
def failing_analyzer() -> Iterator[str]:
    CrossEpochRegistry.register(Failing())
    yield "failing_across"
    del CrossEpochRegistry._items["failing_across"]


def test_one_that_fails_is_reported(trained_copy: Variant, failing_analyzer: str) -> None:
    (failure,) = analyze(trained_copy, analyzers=[failing_analyzer]).failed
    assert "RuntimeError: no run is good enough" in failure.reason


def test_an_unknown_name_lists_both_kinds(trained: Variant) -> None:
    with pytest.raises(UnknownNameError, match="attention_lock_in, attention_patterns"):
        AnalysisPipeline(trained, AnalysisRunConfig(analyzers=["nothing"]))
