"""The commands of docs/storage.md, as they stand there, against a folder in place of a store."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from headlapse.workbench import Variant

PAGE = (Path(__file__).parents[1] / "docs" / "storage.md").read_text()
COMMANDS = [shlex.split(line) for line in re.findall(r"^    ((?:rclone|headlapse) .*)$", PAGE, re.MULTILINE)]

pytestmark = pytest.mark.skipif(shutil.which("rclone") is None, reason="rclone is not installed")


@pytest.fixture
def place(trained_copy: Variant, tmp_path: Path) -> Path:
    """A folder with `results` in it, with what a killed process left, and a configured store `bucket:`."""
    (tmp_path / "rclone.conf").write_text(f"[bucket]\ntype = alias\nremote = {tmp_path / 'store'}\n")
    (trained_copy.paths.checkpoints / f".checkpoint_epoch_00080.safetensors.{'0' * 16}.tmp").touch()
    return tmp_path


def run(command: list[str], place: Path) -> None:
    program = [sys.executable, "-m", "headlapse"] if command[0] == "headlapse" else [command[0]]
    environment = {**os.environ, "RCLONE_CONFIG": str(place / "rclone.conf")}
    done = subprocess.run([*program, *command[1:]], cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def content(folder: Path) -> Mapping[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def visible(folder: Path) -> Mapping[str, bytes]:
    return {name: found for name, found in content(folder).items() if not any(part[0] == "." for part in Path(name).parts)}


def test_finished_runs_come_back_whole(place: Path) -> None:
    to, back, check = COMMANDS[:3]
    for command in (to, to, back, check):
        run(command, place)
    found = visible(place / "results")
    assert len(found) > 10 and content(place / "store" / "study" / "results") == found
    assert visible(place / "elsewhere") == found


def test_one_run_is_copied_alone(place: Path, trained_copy: Variant) -> None:
    (one,) = [command for command in COMMANDS if any("_seed1_" in part for part in command)]
    run(one, place)
    assert not (place / "store").exists() or not content(place / "store"), "there is none with that seed"
    seed = trained_copy.settings["seed"]
    run([part.replace("_seed1_", f"_seed{seed}_") for part in one], place)
    assert content(place / "store" / "study" / "results") == visible(place / "results")


def test_of_a_run_that_is_going_only_what_never_changes_is_copied(place: Path) -> None:
    (going,) = [command for command in COMMANDS if "--immutable" in command]
    run(going, place)
    names = {Path(name).parts[2] for name in content(place / "store" / "study" / "results")}
    assert names == {"checkpoints", "artifacts"}
    assert not any("all_epochs" in name for name in content(place / "store"))
    left_out = set(visible(place / "results")) - set(content(place / "store" / "study" / "results"))
    assert all(Path(name).name in PAGE or f"{Path(name).parts[2]}/" in PAGE for name in left_out), left_out
