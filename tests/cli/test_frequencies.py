from __future__ import annotations

import json
import math
import shutil
import sys

import numpy as np
import pytest

from headlapse.cli import main
from headlapse.training.progress import Silent

KEYS = ["head", "frequency", "pattern_share", "score_share", "fve", "settled_epoch"]


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["headlapse", "frequencies", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return ended.value.code, printed.out, printed.err


def test_json_has_what_was_analysed(trained, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, trained.name, "--epoch", "40", "--json", "--results", str(trained.results))
    (row,) = json.loads(out)
    found = trained.artifacts.load_epoch("head_frequencies", 40)
    settled = trained.artifacts.load_run("head_frequency_history")["settled"]
    power = found["embedding_power"] / found["embedding_power"].sum()
    assert code == 0 and list(row) == ["variant", "epoch", "key_frequencies", "heads"]
    assert (row["variant"], row["epoch"]) == (trained.name, 40)
    assert row["key_frequencies"] == [k for k in (1, 2, 3) if power[k - 1] >= 0.05]
    for number, head in enumerate(row["heads"]):
        k = int(np.argmax(found["score_share"][number])) + 1
        assert list(head) == KEYS and head["head"] == f"Head {number}"
        assert found["score_share"][number, k - 1] >= 0.25 and head["frequency"] == k
        assert head["score_share"] == found["score_share"][number, k - 1]
        assert head["pattern_share"] == found["pattern_share"][number, 2, 0, k - 1]
        assert head["fve"] == found["fve"][number]
        assert head["settled_epoch"] == (None if math.isnan(settled[number]) else int(settled[number]))


def test_the_table_has_a_line_per_head_of_the_newest_checkpoint(trained, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "--results", str(trained.results))
    summary, header, *heads = out.splitlines()
    assert code == 0 and summary.startswith(f"{trained.name}, epoch 60: key frequencies ")
    assert summary.endswith("; has not grokked by epoch 60")
    assert header.split() == ["frequency", "score", "pattern", "FVE", "settled", "lock-in"]
    assert [line.split()[:2] for line in heads] == [["Head", str(head)] for head in range(4)]


def test_a_variant_that_is_named_is_analysed_first(trained_copy, monkeypatch, capsys):
    for name in ("head_frequencies", "head_frequency_history"):
        shutil.rmtree(trained_copy.paths.artifacts.root / name)
    code, _, err = run(monkeypatch, capsys, "--results", str(trained_copy.results))
    assert code == 1 and "run headlapse analyze --all" in err
    code, out, _ = run(monkeypatch, capsys, trained_copy.name, "--json", "--results", str(trained_copy.results))
    assert code == 0 and json.loads(out)[0]["epoch"] == 60
    assert trained_copy.artifacts.get_epochs("head_frequencies") == trained_copy.epochs


def test_an_epoch_that_is_not_there_is_one_line(trained, monkeypatch, capsys):
    code, _, err = run(monkeypatch, capsys, trained.name, "--epoch", "41", "--results", str(trained.results))
    assert code != 0 and "epoch 41 is not there; nearest: 40" in err and len(err.splitlines()) == 1


def test_results_of_an_earlier_epoch_are_named(trained_copy, monkeypatch, capsys):
    trained_copy.train(epochs=80, checkpoint_epochs=[80], analyze=False, progress=Silent())
    code, _, err = run(monkeypatch, capsys, "--results", str(trained_copy.results))
    named = [line.split(" is that of epoch 60, and the run has reached epoch 80; ") for line in err.splitlines()]
    assert code == 0
    assert [first for first, _ in named] == [
        f"{trained_copy.name}: {name}" for name in ("head_frequency_history", "attention_lock_in")
    ]
