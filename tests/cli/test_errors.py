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
        (ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn"), "error: torch.nn is not installed; install it"),
        (OSError(errno.ENOSPC, "No space"), "error: the disk is full; free some space and run the same command again"),
    ],
)
def test_an_error_is_one_line(error: Exception, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: fail(error), debug=False) == 1
    (printed,) = capsys.readouterr().err.splitlines()
    assert printed.startswith(line) and "None" not in printed


def test_a_missing_package_is_named_as_it_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    for module, package in (("torch", "torch"), ("transformer_lens.utilities", "transformer-lens"), ("PIL", "pillow")):
        run_guarded(lambda module=module: fail(ModuleNotFoundError(f"No module named {module!r}", name=module)), debug=False)
        assert capsys.readouterr().err.endswith(f" -m pip install {package}\n")
    run_guarded(lambda: fail(ModuleNotFoundError("No module named 'headlapse.gone'", name="headlapse.gone")), debug=False)
    assert "unexpected ModuleNotFoundError" in capsys.readouterr().err
