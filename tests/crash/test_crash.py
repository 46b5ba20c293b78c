"""Nothing committed is lost and nothing wrong is read, wherever a run is killed; the full count is `make crash`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the crash harness forks, which this system cannot")


def test_a_run_killed_anywhere_loses_nothing_and_ends_the_same() -> None:
    command = [sys.executable, "-m", "tests.crash.harness", "--stride", "29", "--plant"]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    figures = json.loads(done.stdout or "{}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert figures["points"] >= 40
    assert set(figures["planted"]) == {"no-fsync", "fixed-temporary", "in-place"}
