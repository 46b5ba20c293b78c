"""Variants are named by the path of their folder as well as by their name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from headlapse.cli.app import build_app
from headlapse.cli.errors import run_guarded
from headlapse.workbench import Variant

COMMANDS: list[list[str]] = [
    ["analyze"],
    ["check"],
    ["frequencies"],
    ["lock-in"],
    ["table"],
    ["export", "--epoch", "60", "--output", "heads.png"],
    ["export", "--site", "site"],
]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run `headlapse ARGUMENTS` in a folder without results: exit code, then stdout and stderr."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def run(*arguments: str) -> tuple[int, str]:
        code = run_guarded(lambda: build_app()(list(arguments), standalone_mode=False), debug=False)
        return code, "".join(capsys.readouterr())

    return run


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_is_enough(cli: Callable[..., tuple[int, str]], trained_copy: Variant, command: list[str]) -> None:
    code, said = cli(*command, str(trained_copy.paths.root))
    assert code == 0, said


def test_a_relative_path_may_end_in_a_slash(cli: Callable[..., tuple[int, str]], trained_copy: Variant) -> None:
    folder = os.path.relpath(trained_copy.paths.root)
    for path in (folder, folder + os.sep):
        code, said = cli("check", path)
        assert code == 0 and "1 checked, 0 with problems" in said


def test_a_path_without_a_run_is_unknown(cli: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    code, said = cli("analyze", str(tmp_path))
    assert code != 0 and said.startswith("error: unknown variant") and len(said.splitlines()) == 1


def test_an_unusable_folder_says_why(cli: Callable[..., tuple[int, str]], trained_copy: Variant) -> None:
    trained_copy.paths.config.write_text("{")
    code, said = cli("analyze", str(trained_copy.paths.root))
    assert code == 1 and "config.json" in said and len(said.splitlines()) == 1
