"""Whatever ends a command is told in one line."""

from __future__ import annotations

import errno

import pytest

from headlapse.cli.errors import run_guarded
from headlapse.errors import HeadlapseError


def fail(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (HeadlapseError("one\n  two"), "error: one two"),
        (RuntimeError("first line\nsecond line"), "error: unexpected RuntimeError: first line second line; run again with"),
        (OSError(errno.EIO, "Input/output error"), "error: Input/output error; check the path"),
        (OSError(errno.ENOENT, "No such file", "x.txt"), "error: No such file (x.txt); check the path"),
        (OSError(errno.ENOSPC, "No space"), "error: the disk is full; free some space and run the same command again"),
    ],
)
def test_an_error_is_one_line(error: Exception, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: fail(error), debug=False) == 1
    (printed,) = capsys.readouterr().err.splitlines()
    assert printed.startswith(line) and "None" not in printed
