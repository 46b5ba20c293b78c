"""Whatever ends a command is told in one line."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headlapse.cli.errors import run_guarded
from headlapse.errors import HeadlapseError
from headlapse.workbench import Variant

SOURCE = Path(__file__).parents[2] / "src"
INSTALL = f"{sys.executable} -m pip install"


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
        (OSError(errno.ENAMETOOLONG, "Name too long", "x\ny"), "error: Name too long ('x\\ny'); choose a shorter name"),
        (MemoryError("Unable to allocate"), "error: there is not enough memory (MemoryError: Unable to allocate); close other"),
    ],
)
def test_an_error_is_one_line(error: Exception, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: fail(error), debug=False) == 1
    (printed,) = capsys.readouterr().err.splitlines()
    assert printed.startswith(line) and "None" not in printed


WITHOUT_TORCH = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Gone())
"""


def test_without_torch_every_command_says_what_to_install_or_needs_none(trained_copy: Variant, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_TORCH)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(SOURCE)])}
    name, weights = trained_copy.name, str(trained_copy.paths.checkpoint(60))
    train = ["train", "modulo_addition_1layer", "--prime", "7"]
    for arguments in (train, ["import", weights], ["analyze", name, "--force"], ["check", name], ["list"]):
        command = [sys.executable, "-m", "headlapse", *arguments, "--results", str(trained_copy.results)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert "Traceback" not in done.stderr and "unexpected" not in done.stderr
        if done.returncode != 0 or arguments == train:
            assert done.stderr == f"error: torch is not installed; install it with: {INSTALL} 'headlapse[train]'\n"
            assert done.returncode == 1


def test_a_missing_package_is_named_as_it_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    for module, package in (
        ("torch", "'headlapse[train]'"),
        ("transformer_lens.utilities", "'headlapse[lens]'"),
        ("PIL", "pillow"),
    ):
        run_guarded(lambda module=module: fail(ModuleNotFoundError(f"No module named {module!r}", name=module)), debug=False)
        assert capsys.readouterr().err.endswith(f"{INSTALL} {package}\n")
    run_guarded(lambda: fail(ModuleNotFoundError("No module named 'headlapse.gone'", name="headlapse.gone")), debug=False)
    assert "unexpected ModuleNotFoundError" in capsys.readouterr().err
