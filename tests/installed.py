"""What an installed core can do, away from its sources: `python tests/installed.py`, with the Python it was installed into.

It copies the golden files of 0.1.0, lists, checks, analyses and exports them, and opens the page. Nothing of it needs torch.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import urllib.request
from importlib.util import find_spec
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent / "golden" / "v0_1_0"
FAMILIES = ["--families", "families"]


def headlapse(folder: Path, *arguments: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-P", "-m", "headlapse", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr}"
    return done.stdout


def use(folder: Path, run: str) -> None:
    """Commands of the core, in `folder`, which has `results` and `families`."""
    assert run in headlapse(folder, "list", *FAMILIES)
    headlapse(folder, "analyze", run, *FAMILIES)
    assert "OK" in headlapse(folder, "check", run, *FAMILIES)
    for ending in ("png", "gif", "webp", "html"):
        headlapse(folder, "export", run, "--output", f"heads.{ending}", *FAMILIES)
        assert (folder / f"heads.{ending}").stat().st_size > 1_000
    headlapse(folder, "table", "--csv", *FAMILIES)


def serve(folder: Path) -> None:
    """The page answers."""
    command = [sys.executable, "-P", "-u", "-m", "headlapse", "dashboard", "--port", "0", *FAMILIES]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = next(line for line in server.stdout if "http://" in line)
        address = next(word for word in line.split() if word.startswith("http://"))
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert answer.status == 200
    finally:
        server.terminate()
        server.wait(timeout=30)


def main() -> None:
    """Use what is installed, in a temporary folder."""
    import headlapse as installed

    assert "src" not in Path(installed.__file__).parts, f"{installed.__file__} is not the installed one"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("results", "families"):
            shutil.copytree(GOLDEN / part, folder / part)
        run = min(path.parents[1].name for path in (folder / "results").glob("*/*/artifacts/attention_patterns"))
        use(folder, run)
        serve(folder)
    torch = "beside" if find_spec("torch") else "without"
    print(f"headlapse {installed.__version__} works from {Path(installed.__file__).parent}, {torch} torch")


if __name__ == "__main__":
    main()
