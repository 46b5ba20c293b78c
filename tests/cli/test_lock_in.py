import json
import math
import sys

import pytest

from headlapse.cli import main


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["headlapse", "lock-in", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return ended.value.code, printed.out, printed.err


def test_the_table_has_a_row_per_analysed_variant(trained, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "--results", str(trained.results))
    header, row = out.splitlines()
    assert code == 0
    assert header.split()[:3] == ["variant", "Head", "0"] and header.split()[-3:] == ["last", "epoch", "accuracy"]
    assert row.split()[0] == trained.name and row.split()[-2] == "60"


def test_json_has_the_same_numbers(trained, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, trained.name, "--json", "--threshold", "0.1", "--results", str(trained.results))
    (row,) = json.loads(out)
    lock_in = trained.artifacts.load_run("attention_lock_in")
    which = lock_in["thresholds"].tolist().index(0.1)
    assert code == 0
    assert row["heads"] == [None if math.isnan(epoch) else int(epoch) for epoch in lock_in["lock_in"][which, :, 2]]


def test_what_is_wrong_is_one_line(trained, tmp_path, monkeypatch, capsys):
    code, _, err = run(monkeypatch, capsys, "--results", str(tmp_path))
    assert code == 1 and "run headlapse analyze --all" in err
    code, _, err = run(monkeypatch, capsys, "--threshold", "0.3", "--results", str(trained.results))
    assert code == 2 and "one of 0.05" in err and len(err.splitlines()) == 1
