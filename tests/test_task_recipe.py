"""The task of docs/families.md, written and trained as the page prints it, with smaller sizes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.workbench import FamilyRegistry
from tests.own_tasks import forget_tasks_later

PAGE = (Path(__file__).parents[1] / "docs" / "families.md").read_text()
((FILE, CODE),) = re.findall(r"```python\n# (families/\S+\.py)\n(.*?)```", PAGE, re.DOTALL)
(TASK,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
BEGIN, TRAIN = (
    re.findall(rf"^    headlapse ({verb} larger_number.*)$", PAGE, re.MULTILINE)[0] for verb in ("new-family", "train")
)
SMALLER = {"--prime 31": "--prime 5", "--epochs 1500": "--epochs 2 --threads 1"}


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Runs a command of the page in an empty folder; what the test registers is forgotten."""
    forget_tasks_later(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return lambda line: run_guarded(lambda: build_app()(line.split(), standalone_mode=False), debug=False)


def test_who_follows_the_page_trains_a_task_of_their_own(cli: Callable[[str], int], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(BEGIN) == 0
    Path(FILE).write_text(CODE)
    family = Path(FILE).with_name("family.json")
    printed, edited = '"task": "modulo_addition"', family.read_text()
    assert printed in PAGE and edited.count(printed) == 1
    family.write_text(edited.replace(printed, TASK.strip()))
    line = TRAIN
    for large, small in SMALLER.items():
        assert large in line
        line = line.replace(large, small)
    assert cli(line) == 0, capsys.readouterr().err
    (trained,) = Path("results").glob("larger_number/*/")
    name = json.loads(family.read_text())["name"]
    run = FamilyRegistry("families").get(name).variant(prime=5, train_fraction=0.6)
    assert run.name == trained.name and run.task.question(run.settings) == "max(a, b)"
    assert run.task.labels(run.settings).tolist() == [max(a, b) for a in range(5) for b in range(5)]
    assert run.patterns(2).shape == (4, 3, 3, 5, 5)
