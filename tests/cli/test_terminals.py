"""Whatever terminal, locale or pipe a command writes to, it ends as it should and prints no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headlapse.workbench import Variant
from tests.waiting import SECONDS

NO_UTF8 = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}


def run(*arguments: str | bytes, without: str = "", **options: object) -> subprocess.CompletedProcess[bytes]:
    variables = {name: value for name, value in os.environ.items() if name != without} | options.pop("more", {})  # type: ignore[operator]
    command = [sys.executable, "-m", "headlapse", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.run(command, env=variables, timeout=SECONDS, check=False, **pipes)


@pytest.mark.parametrize("command", [("list", "--json"), ("check", "--all"), ("analyze", "--all")], ids=" ".join)
def test_a_reader_that_goes_away_is_no_error(command: tuple[str, ...], trained: Variant) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run(*command, "--results", str(trained.results), stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_result_on_a_full_disk_is_one_line_of_error(trained: Variant) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run("list", "--results", str(trained.results), stdout=full)
        assert (done.returncode, done.stderr.count(b"\n")) == (1, 1) and b"error: the disk is full" in done.stderr
        assert run("list", "--results", str(trained.results), stderr=full).returncode == 0


@pytest.mark.parametrize("more", [NO_UTF8, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}], ids=str)
def test_names_that_the_terminal_cannot_show(more: dict[str, str], tmp_path: Path) -> None:
    for name in ("pâte-δ".encode(), b"caf\xe9"):
        folder = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 -- bytes that are no text
        os.mkdir(folder)  # noqa: PTH102
        done = run("list", "--results", folder, more=more)
        assert (done.returncode, done.stderr) == (0, b"") and b"no variants in " in done.stdout
        done = run("analyze", name, "--results", folder, more=more)
        assert done.returncode == 2 and done.stderr.startswith(b"error: unknown variant ") and done.stderr.count(b"\n") == 1


def test_no_home_is_needed(trained: Variant, tmp_path: Path) -> None:
    results = str(trained.results)
    assert trained.name.encode() in run("list", "--results", results, without="HOME").stdout
    done = run("export", trained.name, "--results", results, "--output", str(tmp_path / "x.png"), without="HOME")
    assert (done.returncode, done.stderr) == (0, b"") and (tmp_path / "x.png").exists()
