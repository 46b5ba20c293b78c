"""The table of runs says what their files say."""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path

import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.cli import main
from headlapse.training.progress import Silent
from headlapse.visualization.lock_in_table import lock_in_rows
from headlapse.workbench import Variant
from headlapse.workbench.table import rows


@pytest.fixture
def results(trained_copy: Variant) -> Path:
    """Two runs, of which the second is not analysed."""
    other = trained_copy.family.variant(prime=7, lr=1e-05, results=trained_copy.results)
    other.train(3, checkpoint_epochs=[0, 3], analyze=False, progress=Silent())
    return trained_copy.results


def by_rate(found: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(found, key=lambda row: -float(str(row["lr"])))


def table_of(results: Path) -> list[dict[str, object]]:
    folders = sorted(results.glob("*/*/config.json"))
    return by_rate(rows(headlapse.load_variant(folder.parent) for folder in folders))


def test_every_row_has_every_column(results: Path, trained_copy: Variant) -> None:
    first, second = table_of(results)
    assert list(first) == list(second)
    assert list(first)[:3] == ["family", "run", "state"] and first["run"] == trained_copy.name
    assert {name: first[name] for name in trained_copy.settings} == dict(trained_copy.settings)
    assert (first["train_loss"], first["test_loss"]) == trained_copy.losses.at(60)
    (locked,) = lock_in_rows([("", trained_copy.artifacts.load_run("attention_lock_in"))])
    assert tuple(first[f"lock_in_head_{head}"] for head in range(4)) == locked.heads
    shares = trained_copy.artifacts.load_epoch("head_frequencies", 60)["score_share"]
    dominant = [place + 1 if share[place] >= 0.25 else None for share, place in zip(shares, shares.argmax(axis=1), strict=True)]
    assert [first[f"frequency_head_{head}"] for head in range(4)] == dominant and {type(one) for one in dominant} != {
        type(None)
    }
    assert (
        second["state"] == "trained" and second["lock_in_head_0"] is second["frequency_head_0"] is None and second["epoch"] == 3
    )


def test_lock_in_and_frequencies_of_an_earlier_epoch_are_left_out(trained_copy: Variant) -> None:
    trained_copy.train(epochs=80, checkpoint_epochs=[80], analyze=False, progress=Silent())
    (row,) = table_of(trained_copy.results)
    assert row["epoch"] == 80 and not [name for name in row if name.startswith(("lock_in", "frequency"))]
    AnalysisPipeline(trained_copy, AnalysisRunConfig()).run()
    (row,) = table_of(trained_copy.results)
    assert len([name for name in row if name.startswith(("lock_in", "frequency"))]) == 8


def test_csv_reads_back_to_the_last_digit(results: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["headlapse", "table", "--csv", "--results", str(results)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    read = by_rate(list(csv.DictReader(io.StringIO(capsys.readouterr().out))))
    for found, expected in zip(read, table_of(results), strict=True):
        for name, value in expected.items():
            assert (found[name] == "") if value is None else (type(value)(found[name]) == value)


def test_a_data_frame_and_a_parquet_file(results: Path, tmp_path: Path, monkeypatch) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = headlapse.table(results)
    path = tmp_path / "runs.parquet"
    monkeypatch.setattr(sys, "argv", ["headlapse", "table", "--parquet", "-o", str(path), "--results", str(results)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    pandas.testing.assert_frame_equal(pandas.read_parquet(path), frame)
    for row, found in zip(table_of(results), by_rate(frame.to_dict("records")), strict=True):
        assert all(found[name] == value or (value is None and math.isnan(found[name])) for name, value in row.items())


def test_it_says_what_is_missing(results: Path, monkeypatch, capsys) -> None:
    for arguments, message in {
        ("--csv", "--parquet"): "give --csv or --parquet, not both",
        ("--parquet",): "name a file with --output",
        ("nothing",): "unknown variant 'nothing'",
    }.items():
        monkeypatch.setattr(sys, "argv", ["headlapse", "table", *arguments, "--results", str(results)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2 and message in capsys.readouterr().err
    monkeypatch.setattr("headlapse.workbench.table.DATA_FRAMES", ("no_such_library",))
    with pytest.raises(headlapse.HeadlapseError, match="needs pandas or polars"):
        headlapse.table(results)
