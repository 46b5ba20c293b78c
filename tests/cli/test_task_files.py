"""A Python file with a task of a user's own is run if the user names it, and never otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.dashboard.app import create_app
from headlapse.families import task_files
from headlapse.workbench import FamilyRegistry
from tests.own_tasks import forget_tasks_later, write_task_file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A family whose task is in a file beside it; what the test registers is forgotten."""
    forget_tasks_later(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return write_task_file(tmp_path / "families").parent


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = run_guarded(lambda: build_app()(list(arguments), standalone_mode=False), debug=False)
        return code, *capsys.readouterr()

    return run


def test_without_being_named_it_is_not_run(folder: Path, cli) -> None:
    told = f"headlapse runs a file with a task only if you name it: --task-file {folder / 'task.py'}"
    training = ["train", "shifted", "--prime", "5", "--epochs", "1", "--families", str(folder)]
    for command in (training, ["sweep", "shifted", "--grid", "seed=1", "--families", str(folder)]):
        code, _, err = cli(*command)
        assert code == 1 and "unknown task 'shifted_addition'" in err and told in err and len(err.splitlines()) == 1
    assert told in cli("families", "--families", str(folder))[2]
    create_app("results", [folder])
    assert [broken.name for broken in FamilyRegistry(folder).broken] == ["shifted"]
    assert not (folder / "was_run").exists() and not Path("results").exists()


def test_named_it_is_a_task_like_any_other(folder: Path, cli) -> None:
    named = ["--families", str(folder), "--task-file", "families/shifted/task.py"]
    code, _, err = cli("train", "shifted", "--prime", "5", "--train-fraction", "0.6", "--epochs", "1", *named)
    assert code == 0 and (folder / "was_run").exists(), err
    assert os.environ[task_files.VARIABLE] == str(folder / "task.py"), "processes that this one starts know it"
    (row,) = [one for one in json.loads(cli("families", "--json", *named)[1])["families"] if one["name"] == "shifted"]
    assert row["task_from"] == str(folder / "task.py")
    (listed,) = json.loads(cli("list", "--json", *named)[1])["variants"]
    assert listed["state"] == "analysed"
    assert f"broken: {listed['variant']}: unknown family 'shifted'; known: " in cli("list")[2]
    run = FamilyRegistry(folder).get("shifted").variant(prime=5, train_fraction=0.6)
    assert run.task.labels(run.settings).tolist() == [(a + b + 1) % 5 for a in range(5) for b in range(5)]
    ask = "from headlapse.families.tasks import TaskRegistry; print(TaskRegistry.source('shifted_addition'))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == f"{folder / 'task.py'}\n"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1 / 0", "does not run: ZeroDivisionError: division by zero"),
        ("x = 1", "registers no task; end it with TaskRegistry.register(YourTask())"),
        (None, "task.py is not a file; --task-file names a Python file that registers a task"),
    ],
)
def test_a_file_that_gives_no_task_is_one_line(folder: Path, cli, code: str | None, words: str) -> None:
    (folder / "task.py").unlink() if code is None else (folder / "task.py").write_text(code)
    status, _, err = cli("families", "--task-file", str(folder / "task.py"))
    assert status == (2 if code is None else 1) and words in err and len(err.splitlines()) == 1
