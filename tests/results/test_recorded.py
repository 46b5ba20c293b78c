"""A run without family and checkpoints is analysed, checked, listed and drawn like any other."""

from __future__ import annotations

import json
import typing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.cli.app import build_app
from headlapse.dashboard.routes.variants import describe
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.errors import FileStateError, HeadlapseError, IncompatibleFileError, InvalidValueError
from headlapse.export import export_view
from headlapse.results.declaration import Declaration
from headlapse.results.discovery import check_run, discover
from headlapse.results.integrity import inspect
from headlapse.results.recorded import RecordedRun
from headlapse.results.run import Run
from headlapse.results.run_layout import RunLayout
from headlapse.storage.atomic import read_json, write_json
from headlapse.training.repair import repair
from headlapse.workbench import FamilyRegistry, Variant
from tests.results.recorded_runs import (
    AXES,
    DECLARATION,
    EPOCHS,
    FROM,
    HEADS,
    LABELS,
    SELF,
    TO,
    patterns,
    recorded_run,
    write_patterns,
)


@pytest.fixture
def run(tmp_path: Path) -> RecordedRun:
    return recorded_run(tmp_path / "results")


def entropy(epoch: int) -> np.ndarray:
    weights = patterns(epoch).astype(np.float64)
    return -(weights * np.log(weights)).sum(axis=2)


def test_both_kinds_of_run_answer_everything_that_is_asked(run: RecordedRun, trained: Variant) -> None:
    asked = [name for name in vars(Run) if not name.startswith("_")]
    assert {"name", "settings", "axes", "labels", "views", "epochs", "losses", "scalars", "artifacts", "layout"} <= set(asked)
    for kind in (run, trained):
        assert check_run(kind) is kind
        assert [name for name in asked if not hasattr(kind, name)] == []
    with pytest.raises(InvalidValueError, match="variant must be a variant"):
        check_run("theirs")
    assert typing.get_type_hints(Run.epochs.fget)["return"] == list[int]


def test_what_the_config_declares_is_what_is_read(run: RecordedRun) -> None:
    again = RecordedRun.open(run.paths.root)
    assert again == run and hash(again) == hash(run)
    assert again.declaration == DECLARATION
    assert again.labels == LABELS and again.axes[0].ticks == ("round", "square")
    assert again.labels.from_position_labels != again.labels.position_labels
    assert RunLayout.beside(run.artifacts_dir) == DECLARATION.layout
    assert again.epochs == list(EPOCHS) and again.checkpoint_epochs == []


def test_losses_and_scalars_belong_to_their_epochs(run: RecordedRun) -> None:
    assert set(run.scalars) == {"train_loss", "test_loss", "learning rate", "test_accuracy"}
    assert run.losses.train[10] == 2.5 and run.losses.test[30] == 0.25 and len(run.losses) == 31
    assert run.record(10) == {"train_loss": 2.5, "learning rate": 0.1, "test_accuracy": 10 / 30}
    assert run.record(11) == {}
    assert run.test_accuracies() == {epoch: epoch / 30 for epoch in EPOCHS}


def test_analyzers_that_read_patterns_need_no_model(run: RecordedRun) -> None:
    assert run.state == "trained"
    report = AnalysisPipeline(run).run()
    assert not report.failed
    assert {(done.analyzer, done.epoch) for done in report.computed} == {
        *(("attention_entropy", epoch) for epoch in EPOCHS),
        ("attention_lock_in", 30),
    }
    for epoch in EPOCHS:
        np.testing.assert_allclose(run.artifacts.load_epoch("attention_entropy", epoch)["entropy"], entropy(epoch), atol=1e-6)
    lock_in = run.artifacts.load_run("attention_lock_in")
    distance = np.abs(patterns(10) - patterns(30).astype(np.float64)).sum(axis=2).mean(axis=(2, 3)) / 2
    np.testing.assert_allclose(lock_in["distance"][1], distance, atol=1e-6)
    assert lock_in["grokking_epoch"] == 30 and lock_in["test_accuracy"].tolist() == [0, 10 / 30, 1]
    assert run.state == "analysed"
    assert str(AnalysisPipeline(run).run()) == "nothing to do: all 7 artifacts are up to date"


def test_only_what_was_captured_anew_is_computed_again(run: RecordedRun) -> None:
    AnalysisPipeline(run).run()
    before = run.artifacts.provenance("attention_entropy", 10)
    write_patterns(run, 10, {"patterns": patterns(11)})
    report = AnalysisPipeline(run).run()
    assert {(done.analyzer, done.epoch) for done in report.computed} == {("attention_entropy", 10), ("attention_lock_in", 30)}
    after, source = (run.artifacts.provenance(name, 10) for name in ("attention_entropy", "attention_patterns"))
    assert after and before and source
    assert after.checkpoint_sha256 == source.checkpoint_sha256 != before.checkpoint_sha256
    np.testing.assert_allclose(run.artifacts.load_epoch("attention_entropy", 10)["entropy"], entropy(11), atol=1e-6)
    assert {done.analyzer for done in AnalysisPipeline(run, AnalysisRunConfig(force=True)).run().computed} == {
        "attention_entropy",
        "attention_lock_in",
    }


def test_what_was_not_captured_cannot_be_computed(run: RecordedRun) -> None:
    run.paths.artifacts.file("attention_patterns", 10).write_bytes(b"")
    report = AnalysisPipeline(run).run()
    assert {(failure.analyzer, failure.epoch) for failure in report.failed} == {
        ("attention_patterns", 10),
        ("attention_entropy", 10),
    }
    assert all("train" not in failure.reason.partition(";")[2].replace("training", "") for failure in report.failed)
    assert {done.epoch for done in report.computed} == {0, 30}


def test_half_precision_is_read_as_it_was_stored(tmp_path: Path) -> None:
    run = recorded_run(tmp_path, layout=replace(DECLARATION.layout, dtype="float16"))
    for epoch in EPOCHS:
        write_patterns(run, epoch, {"patterns": patterns(epoch).astype(np.float16)})
    assert not AnalysisPipeline(run).run().failed and inspect(run) == []
    np.testing.assert_allclose(run.artifacts.load_epoch("attention_entropy", 30)["entropy"], entropy(30), atol=2e-3)


def test_a_foreign_artifact_is_held_against_the_declaration(run: RecordedRun) -> None:
    path = run.paths.artifacts.file("attention_patterns", 40)
    np.savez(path, patterns=patterns(40))
    assert run.artifacts.load_epoch("attention_patterns", 40)["patterns"].shape == (HEADS, TO, FROM, *AXES)
    np.savez(path, patterns=patterns(40)[:, :, :TO])
    with pytest.raises(IncompatibleFileError, match=r"expected patterns float32 \(3, 4, 5, 2, 6\)"):
        run.artifacts.load_epoch("attention_patterns", 40)


def test_it_is_listed_beside_variants(trained_copy: Variant, capsys: pytest.CaptureFixture[str]) -> None:
    run = recorded_run(trained_copy.results)
    found = discover(trained_copy.results, FamilyRegistry().get)
    assert [each.name for each in found.variants] == [trained_copy.name, "theirs"] and not found.broken
    assert found.get("theirs") == run
    build_app()(["list", "--json", "--results", str(trained_copy.results)], standalone_mode=False)
    row = json.loads(capsys.readouterr().out)["variants"][1]
    assert (row["variant"], row["family"], row["state"], row["grokked_at"]) == ("theirs", "recorded", "trained", 30)
    entries = VariantIndex(trained_copy.results, FamilyRegistry()).entries()
    assert [(entry.id, entry.checkpoints) for entry in entries] == [
        (f"{trained_copy.family.name}/{trained_copy.name}", 4),
        ("recorded/theirs", 3),
    ]


def test_the_page_is_told_all_it_needs(tmp_path: Path) -> None:
    run = recorded_run(tmp_path, **SELF)
    AnalysisPipeline(run).run()
    told = describe(VariantIndex(run.results, FamilyRegistry()).variant("recorded", "theirs"))
    assert json.loads(json.dumps(told))["epochs"] == list(EPOCHS)
    assert told["state"] == "analysed" and told["grokked_at"] == 30 and told["losses"] == 31
    assert told["family"] == {"name": "recorded", "title": "Recorded training"}
    assert [(panel["view"], panel["epochs"], "problem" in panel) for panel in told["panels"]] == [
        (view, list(EPOCHS), False) for view in DECLARATION.views
    ]
    assert told["panels"][0]["heads"] == list(LABELS.head_labels)


def test_check_and_repair_know_it(run: RecordedRun) -> None:
    AnalysisPipeline(run).run()
    assert inspect(run) == []
    damaged = run.paths.artifacts.file("attention_entropy", 10)
    lost = run.paths.artifacts.file("attention_patterns", 0)
    for path in (damaged, lost, run.paths.scalar("train_loss")):
        content = bytearray(path.read_bytes())
        content[40] ^= 1
        path.write_bytes(content)
    found = {finding.path: finding for finding in inspect(run)}
    assert found.keys() == {damaged, lost, run.paths.scalar("train_loss")}
    assert {finding.state for finding in found.values()} == {"corrupt"}
    repair(run)
    assert {finding.path for finding in inspect(run)} == {lost}
    assert run.scalars["train_loss"].epochs.tolist() == [0, 30] and run.record(30)["train_loss"] == 1.5
    np.testing.assert_allclose(run.artifacts.load_epoch("attention_entropy", 10)["entropy"], entropy(10), atol=1e-6)


def test_it_is_opened_by_its_folder_drawn_and_exported(tmp_path: Path) -> None:
    opened = headlapse.load_variant(recorded_run(tmp_path / "results", **SELF).paths.root)
    np.testing.assert_array_equal(opened.at(10).patterns, patterns(10, TO))
    assert opened.at(10).record["learning rate"] == 0.1
    assert repr(opened.at(10)).startswith("<theirs at epoch 10: train loss")
    with pytest.raises(HeadlapseError, match="epoch 20 is not there; nearest: 10, 30"):
        opened.at(20)
    assert export_view(opened, tmp_path / "heads.png", epochs=10).stat().st_size > 1000


BROKEN: dict[str, Any] = {
    "labels": None,
    "layout": {"heads": 3},
    "views": 7,
    "settings": [1],
    "analyzers": None,
}


@pytest.mark.parametrize("key", BROKEN)
def test_a_config_that_does_not_declare_it_all_is_named(key: str, run: RecordedRun) -> None:
    config = read_json(run.paths.config, "")
    write_json(run.paths.config, config | {key: BROKEN[key]})
    with pytest.raises(FileStateError, match="does not declare what was recorded"):
        RecordedRun.open(run.paths.root)
    (broken,) = discover(run.results, FamilyRegistry().get).broken
    assert "config.json" in broken.reason


def test_a_config_that_contradicts_itself_is_named(run: RecordedRun) -> None:
    for changed, words in (
        (replace(DECLARATION, labels=replace(LABELS, head_labels=("one",))), "names 1 heads and stores 3"),
        (replace(DECLARATION, labels=replace(LABELS, from_position_labels=LABELS.position_labels)), "names 4 positions"),
        (replace(DECLARATION, labels=replace(LABELS, axes=LABELS.axes[::-1])), "names axes of sizes"),
    ):
        write_json(run.paths.config, changed.to_json(run.name))
        with pytest.raises(IncompatibleFileError, match=words):
            RecordedRun.open(run.paths.root)


def test_a_renamed_folder_is_named(run: RecordedRun) -> None:
    moved = run.paths.root.rename(run.paths.root.with_name("other"))
    with pytest.raises(IncompatibleFileError, match="describes recorded/theirs"):
        RecordedRun.open(moved)


def test_a_declaration_may_choose_positions() -> None:
    layout = RunLayout(HEADS, 9, AXES, to_positions=(8, 2, 3, 4), from_positions=(0, 1, 2, 3, 4), rows_may_be_empty=True)
    chosen = replace(DECLARATION, layout=layout)
    assert chosen.contradiction() == ""
    content = json.loads(json.dumps(chosen.to_json("run")))
    assert Declaration.parse(Path("config.json"), content) == chosen
