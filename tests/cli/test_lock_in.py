import json
import sys

import numpy as np
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
    header, row, waiting = out.splitlines()
    assert code == 0
    assert header.split()[:3] == ["variant", "Head", "0"] and header.split()[-3:] == ["last", "epoch", "accuracy"]
    assert row.split()[0] == trained.name and row.split()[-2] == "60"
    assert waiting == f"{trained.name} has not grokked by epoch 60: no lock-in."


def test_json_says_that_a_run_has_not_settled(trained, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, trained.name, "--json", "--threshold", "0.1", "--results", str(trained.results))
    (row,) = json.loads(out)
    lock_in = trained.artifacts.load_run("attention_lock_in")
    assert code == 0 and np.isfinite(lock_in["lock_in"]).any(), "the artifact has them"
    assert (row["heads"], row["settled"], row["last_epoch"]) == ([None] * 4, False, 60)


def test_what_is_wrong_is_one_line(trained, tmp_path, monkeypatch, capsys):
    code, _, err = run(monkeypatch, capsys, "--results", str(tmp_path))
    assert code == 1 and "holds no variant; train one first" in err
    code, _, err = run(monkeypatch, capsys, "--threshold", "0.3", "--results", str(trained.results))
    assert code == 2 and "one of 0.05" in err and len(err.splitlines()) == 1
