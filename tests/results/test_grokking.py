"""When a run groks: by test accuracy alone, and for good."""

from __future__ import annotations

import json
import math
import shutil

import pytest

from headlapse.analysis import AnalysisPipeline
from headlapse.cli.app import build_app
from headlapse.dashboard.routes.variants import describe
from headlapse.results.grokking import first_that_keeps, grokked_at
from headlapse.results.scalar_names import MANY
from headlapse.results.scalars import append_scalars, write_scalar
from headlapse.workbench import Variant


@pytest.mark.parametrize(
    ("accuracies", "epoch"),
    [
        ({}, None),
        ({0: 0.1, 10: 0.98}, None),
        ({0: 0.1, 10: 0.99, 20: 1.0}, 10),
        ({0: 0.995, 10: 0.5, 20: 0.99, 30: 1.0}, 20),
        ({0: 1.0, 10: 0.98999}, None),
        ({0: 0.1, 10: 0.99, 20: None, 30: math.nan, 40: 1.0}, 10),
        ({0: None, 10: math.nan}, None),
        ({100_000: 1.0, 99_999: 0.2}, 100_000),
        ({0: 0.99}, 0),
    ],
)
def test_it_is_the_first_that_all_later_ones_keep(accuracies: dict[int, float | None], epoch: int | None) -> None:
    assert first_that_keeps(accuracies) == epoch


def run(arguments: list[str]) -> int:
    """The exit code of the command."""
    try:
        return build_app()(arguments, standalone_mode=False) or 0
    except SystemExit as exit_:
        return int(exit_.code or 0)


def with_accuracies(variant: Variant, accuracies: dict[int, float]) -> Variant:
    for epoch, accuracy in accuracies.items():
        append_scalars(variant.paths, epoch, {"test_accuracy": accuracy})
    return variant


def test_everything_says_the_same(trained_copy: Variant, capsys: pytest.CaptureFixture[str]) -> None:
    variant = with_accuracies(trained_copy, {0: 0.2, 20: 0.99, 40: 0.991, 60: 1.0})
    assert grokked_at(variant) == describe(variant)["grokked_at"] == 20
    assert run(["list", "--json", "--results", str(variant.results)]) == 0
    assert [row["grokked_at"] for row in json.loads(capsys.readouterr().out)["variants"]] == [20]
    variant.paths.artifacts.run_file("attention_lock_in").unlink()
    assert run(["analyze", variant.name, "--results", str(variant.results)]) == 0
    assert variant.artifacts.load_run("attention_lock_in")["grokking_epoch"] == 20
    assert run(["list", "--results", str(variant.results)]) == 0
    header, row = capsys.readouterr().out.splitlines()[-3:-1]
    assert header.endswith("grokked at") and row.endswith(" 20")


def test_accuracies_stand_beside_the_checkpoints_and_outlive_them(trained_copy: Variant) -> None:
    stated = {epoch: trained_copy.checkpoint(epoch).extra for epoch in trained_copy.checkpoint_epochs}
    for epoch in trained_copy.checkpoint_epochs:
        trained_copy.paths.checkpoint(epoch).unlink()
    assert trained_copy.epochs == [0, 20, 40, 60] and trained_copy.checkpoint_epochs == []
    for epoch, extra in stated.items():
        assert trained_copy.record(epoch) == {name: value for name, value in extra.items() if value is not None}
    assert trained_copy.test_accuracies() == {epoch: extra["test_accuracy"] for epoch, extra in stated.items()}


def test_what_an_earlier_version_wrote_into_checkpoints_alone_is_read_there(trained_copy: Variant) -> None:
    now = {epoch: trained_copy.record(epoch) for epoch in trained_copy.epochs}
    accuracies = trained_copy.test_accuracies()
    assert accuracies.keys() == {0, 20, 40, 60}
    shutil.rmtree(trained_copy.paths.scalars)
    assert {epoch: trained_copy.record(epoch) for epoch in trained_copy.epochs} == now
    assert trained_copy.test_accuracies() == {} and grokked_at(trained_copy) is None
    trained_copy.paths.artifacts.run_file("attention_lock_in").unlink()
    AnalysisPipeline(trained_copy).run()
    assert trained_copy.test_accuracies() == accuracies, "an analysis writes it beside them"
    assert {epoch: trained_copy.record(epoch) for epoch in trained_copy.epochs} == now


def test_many_accuracies_are_read_as_few_are(trained_copy: Variant) -> None:
    known = {epoch: epoch % 7 / 7 for epoch in range(MANY + 2)}
    write_scalar(trained_copy.paths, "test_accuracy", {epoch: value for epoch, value in known.items() if epoch < MANY})
    few = trained_copy.test_accuracies()
    write_scalar(trained_copy.paths, "test_accuracy", known)
    assert few == trained_copy.test_accuracies() == {epoch: known[epoch] for epoch in trained_copy.epochs}
    trained_copy.paths.scalar("test_accuracy").write_bytes(b"\0" * 100)
    assert trained_copy.test_accuracies() == {}


def test_a_small_loss_is_no_accuracy(trained_copy: Variant) -> None:
    shutil.rmtree(trained_copy.paths.scalars)
    for epoch in trained_copy.checkpoint_epochs:
        trained_copy.paths.checkpoint(epoch).unlink()
    assert grokked_at(trained_copy) is None
