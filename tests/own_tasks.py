"""Tasks of a user's own, with a tiny family each: one in a Python file, one in an installed package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import headlapse
from headlapse.families import task_files
from headlapse.families.tasks import TaskRegistry
from tests.plug_ins import keep_apart

SMALL = {"n_heads": 2, "d_model": 16, "d_head": 8, "d_mlp": 32}
CODE = """
from pathlib import Path
from headlapse.families.tasks import TaskRegistry
from headlapse.families.tasks.modulo_addition import ModuloAddition

Path(__file__).with_name("was_run").touch()

class Shifted(ModuloAddition):
    name = "shifted_addition"
    def answers(self, a, b, settings):
        return (a + b + 1) % settings["prime"]

TaskRegistry.register(Shifted())
"""
PACKAGE = """
from headlapse.families.tasks.modulo_addition import ModuloAddition

class Doubled(ModuloAddition):
    name = "doubled_addition"
    def answers(self, a, b, settings):
        return 2 * (a + b) % settings["prime"]
"""


def write_task_file(families: Path) -> Path:
    """The family `shifted` in `families`, whose task is in the file that is returned."""
    file = _write_family(families / "shifted", "shifted_addition").with_name("task.py")
    file.write_text(CODE)
    return file


def write_package(families: Path, site: Path) -> None:
    """The family `doubled` in `families`, whose task is in a package in `site`, as pip would leave it."""
    _write_family(families / "doubled", "doubled_addition")
    metadata = site / "double_tasks-2.5.dist-info"
    metadata.mkdir(parents=True)
    (site / "double_tasks.py").write_text(PACKAGE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: double-tasks\nVersion: 2.5\n")
    (metadata / "entry_points.txt").write_text("[headlapse.tasks]\ndoubled_addition = double_tasks:Doubled\n")


def forget_tasks_later(patch: pytest.MonkeyPatch) -> None:
    """What this process registers from now on is forgotten when `patch` is undone; no file is named at first."""
    keep_apart(patch, TaskRegistry)
    patch.setattr(task_files, "_loaded", {})
    patch.setenv(task_files.VARIABLE, "")


def _write_family(folder: Path, task: str) -> Path:
    folder.mkdir(parents=True)
    content = json.loads(headlapse.load_family("modulo_addition_1layer").path.read_text())
    content |= {"name": folder.name, "task": task, "architecture": content["architecture"] | SMALL}
    path = folder / "family.json"
    path.write_text(json.dumps(content))
    return path
