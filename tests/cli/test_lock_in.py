import json
import sys

import numpy as np
import pytest

from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.analysis.cross_epoch.attention_lock_in import AttentionLockInAnalyzer
from headlapse.cli import main
from headlapse.storage.atomic import write_json
from headlapse.storage.lock import locked
from headlapse.training.progress import Silent


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


def test_the_help_names_the_thresholds(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = run(monkeypatch, capsys, "--help")
    default, *others = thresholds = AttentionLockInAnalyzer().thresholds
    assert code == 0 and f"{', '.join(map(str, sorted(thresholds)[:-1]))} or {max(thresholds)}." in out
    assert f"[default: ({default})]" in out and others


def test_what_is_wrong_is_one_line(trained, tmp_path, monkeypatch, capsys):
    code, _, err = run(monkeypatch, capsys, "--results", str(tmp_path))
    assert code == 1 and "holds no variant; train one first" in err
    code, _, err = run(monkeypatch, capsys, "--threshold", "0.3", "--results", str(trained.results))
    assert code == 2 and "one of 0.05" in err and len(err.splitlines()) == 1


@pytest.fixture
def continued(trained_copy):
    """A run whose lock-in was computed at epoch 60 and that has gone on to 80."""
    return trained_copy.train(epochs=80, checkpoint_epochs=[80], analyze=False, progress=Silent())


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_results_of_an_earlier_epoch_are_named(continued, monkeypatch, capsys, arguments):
    code, out, err = run(monkeypatch, capsys, *arguments, "--results", str(continued.results))
    assert code == 0 and "60" in out
    begun = f"{continued.name}: attention_lock_in is that of epoch 60, and the run has reached epoch 80"
    assert err == f"{begun}; headlapse analyze {continued.name} computes it again\n"
    AnalysisPipeline(continued, AnalysisRunConfig()).run()
    code, out, err = run(monkeypatch, capsys, *arguments, "--results", str(continued.results))
    assert code == 0 and "80" in out and err == ""


def test_a_run_that_is_training_says_when_its_lock_in_is_computed(continued, monkeypatch, capsys):
    write_json(continued.paths.status, {**continued.status, "state": "training"})
    with locked(continued.paths.lock, "train"):
        code, _, err = run(monkeypatch, capsys, "--results", str(continued.results))
    assert code == 0 and err.endswith("the run has reached epoch 80; it is computed again when the training ends\n")
