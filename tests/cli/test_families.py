"""`headlapse families` tells where families and tasks come from; `headlapse new-family` writes one to edit."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from headlapse.cli import main
from headlapse.errors import UnknownNameError
from headlapse.families.tasks import TaskRegistry
from headlapse.workbench import FamilyRegistry

PACKAGE = """
class Parity:
    name = "parity"
"""


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["headlapse", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    return call


@pytest.fixture
def parity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with a task, as pip would leave it."""
    site = tmp_path / "site"
    metadata = site / "odd_tasks-2.5.dist-info"
    metadata.mkdir(parents=True)
    (site / "odd_tasks.py").write_text(PACKAGE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-tasks\nVersion: 2.5\n")
    (metadata / "entry_points.txt").write_text("[headlapse.tasks]\nparity = odd_tasks:Parity\n")
    monkeypatch.syspath_prepend(site)


def test_a_new_family_is_the_old_one_under_its_name(run, tmp_path):
    into = tmp_path / "mine"
    code, out, _ = run("new-family", "wide", "--from", "modulo_addition_2layer", "--into", str(into))
    path = into / "wide" / "family.json"
    assert code == 0 and out == f"{path}: edit it, then run headlapse train wide --families {into}\n"
    known = FamilyRegistry(into)
    made, original = known.get("wide").spec, known.get("modulo_addition_2layer").spec
    assert not known.broken and made.title != original.title
    assert made.model_dump(exclude={"name", "title"}) == original.model_dump(exclude={"name", "title"})
    assert list(json.loads(path.read_text())) == list(json.loads(known.get("modulo_addition_2layer").path.read_text()))


@pytest.mark.parametrize("source", FamilyRegistry().names())
def test_a_new_family_trains_as_it_is(run, tmp_path, source):
    into, results = tmp_path / "mine", tmp_path / "results"
    run("new-family", "copy", "--from", source, "--into", str(into))
    sizes = {"prime": "5", "group": "S3", "vocabulary": "5", "batch_size": "2", "train_fraction": "0.6"}
    family = FamilyRegistry(into).get("copy")
    chosen = [f"--set={name}={value}" for name, value in sizes.items() if name in family.settings]
    where = ["--families", str(into), "--results", str(results)]
    code, out, err = run("train", "copy", "--epochs", "1", "--threads", "1", *chosen, *where)
    (trained,) = results.glob("copy/copy_*/")
    assert code == 0 and out.startswith(f"{trained.name}: 2 checkpoints, analysed"), err


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("modulo_addition_1layer", "modulo_addition_2layer", "the name 'modulo_addition_1layer' is taken"),
        ("recorded", "modulo_addition_2layer", "the name 'recorded' is taken"),
        ("Wide", "modulo_addition_2layer", "the name of a family must be small letters, digits and _, a letter first, got"),
        ("../wide", "modulo_addition_2layer", "the name of a family must be small letters, digits and _, a letter first, got"),
        ("wide", "nothing", "unknown family 'nothing'; known: "),
    ],
)
def test_what_cannot_be_made_is_one_line_and_leaves_nothing(run, tmp_path, name, source, words):
    code, _, err = run("new-family", name, "--from", source, "--into", str(tmp_path / "mine"))
    assert code == 2 and words in err and len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(run, tmp_path):
    (tmp_path / "wide").mkdir()
    (tmp_path / "wide" / "notes.txt").write_text("mine")
    code, _, err = run("new-family", "wide", "--from", "induction_2layer", "--into", str(tmp_path))
    assert code == 1 and f"{tmp_path / 'wide'} exists" in err
    assert [path.name for path in (tmp_path / "wide").iterdir()] == ["notes.txt"]


@pytest.mark.usefixtures("parity")
def test_the_list_tells_where_each_comes_from(run, tmp_path):
    into = tmp_path / "mine"
    run("new-family", "wide", "--from", "group_operation_1layer", "--into", str(into))
    path = into / "wide" / "family.json"
    path.write_text(path.read_text().replace('"group_operation"', '"parity"'))
    (into / "bad").mkdir()
    (into / "bad" / "family.json").write_text("{}")
    code, out, _ = run("families", "--json", "--families", str(into))
    found = json.loads(out)
    rows = {row["name"]: row for row in found["families"]}
    assert code == 0 and rows["wide"]["family_from"] == str(path) and rows["wide"]["task_from"] == "odd-tasks 2.5"
    assert {rows[name]["family_from"] for name in rows if name != "wide"} == {"headlapse"}
    assert {task["name"]: task["from"] for task in found["tasks"]} == {
        name: "odd-tasks 2.5" if name == "parity" else "headlapse" for name in TaskRegistry.names()
    }
    assert [broken["path"] for broken in found["broken_families"]] == [str(into / "bad" / "family.json")]


@pytest.mark.usefixtures("parity")
def test_the_table_has_a_line_per_family_and_names_tasks_of_none(run):
    code, out, err = run("families")
    header, *lines, unused = out.splitlines()
    assert code == 0 and err == "" and header.split() == ["family", "task", "task", "from", "family", "from"]
    assert [line.split()[0] for line in lines] == FamilyRegistry().names()
    assert unused == "tasks of no family: parity (odd-tasks 2.5)"


def test_a_task_that_does_not_exist_comes_from_nowhere():
    with pytest.raises(UnknownNameError, match="unknown task 'nothing'"):
        TaskRegistry.source("nothing")
