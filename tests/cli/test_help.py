"""Help pages say what kind of value an option takes, and shells complete the commands."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headlapse.cli.app import _command_names, build_app
from tests.waiting import until

PROGRAM = [str(Path(sys.executable).with_name("headlapse"))]  # completion goes by the name of the program


def said(*arguments: str, **environment: str) -> str:
    options = {"env": os.environ | {"COLUMNS": "200", "NO_COLOR": "1"} | environment, "capture_output": True, "text": True}
    return subprocess.run([*PROGRAM, *arguments], check=False, **options).stdout


def test_values_are_whole_numbers_or_numbers() -> None:
    train, dashboard = said("train", "--help"), said("dashboard", "--help")
    for option, kind in (("--prime", "INTEGER"), ("--epochs", "INTEGER"), ("--test-every", "INTEGER"), ("--lr", "NUMBER")):
        assert re.search(rf"{option}\s+{kind}", train), option
    assert re.search(r"--port\s+INTEGER", dashboard)
    assert "<int" not in train + dashboard and "<float" not in train


@pytest.mark.parametrize("command", ["", *_command_names()])
def test_help_shows_no_type_of_python(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    words = [command.replace("_", "-")] if command else []
    shown = CliRunner().invoke(build_app(), [*words, "--help"])
    assert shown.exit_code == 0 and "Usage" in shown.output
    assert not re.search(r"<\w+(\[\w+\])?>|\bTEXT, |\bbool\b", shown.output.replace("imported_<file>", "")), shown.output


def test_texts_are_called_as_their_option() -> None:
    export = said("export", "--help")
    for option, kind in (("--view", "VIEW"), ("--pair", "TO:FROM"), ("--head", "HEAD"), ("--exact", "--no-exact")):
        assert re.search(rf"{option}\s+{kind}", export), option


def test_shells_complete_commands() -> None:
    assert "--install-completion" in said("--help")
    found = said(_HEADLAPSE_COMPLETE="complete_bash", COMP_WORDS="headlapse tr", COMP_CWORD="1")
    assert found.split() == ["train"]


def test_ctrl_c_says_what_is_saved_and_how_to_go_on(tmp_path) -> None:
    command = [*PROGRAM, "train", "modulo_addition_1layer", "--prime", "7", "--train-fraction", "0.6", "--epochs", "1000000"]
    process = subprocess.Popen([*command, "--results", str(tmp_path)], stderr=subprocess.PIPE, text=True)
    until(lambda: list(tmp_path.rglob("checkpoint_epoch_00000*")))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    lines = [line for line in errors.splitlines() if "cancelled" in line]
    assert process.returncode == 130 and len(lines) == 1
    assert re.fullmatch(r"cancelled; epoch [\d,]+ is saved in .*_p7_.*; run the same command again to continue", lines[0])
