"""The numbers of examples/lock_in_study.py, on a run whose heads are made up."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[1] / "examples" / "lock_in_study.py"


@pytest.fixture(scope="module")
def study() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock_in_study", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = sys.modules["lock_in_study"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lock_in_and_movement_are_counted_by_head(study: ModuleType) -> None:
    epochs = np.array([0, 100, 200, 300, 400])
    distance = np.array([[0.5, 0.4], [0.3, 0.04], [0.04, 0.03], [0.01, 0.06], [0, 0]])
    change = np.array([[np.nan, np.nan], [9, 9], [3, 1], [1, 4], [0, 5]])
    earlier = np.array([[0.4, 0.3], [0.03, 0.2], [0.01, 0.01], [0, 0]])
    run = study.Outcome(0.6, 1.0, 200, epochs, distance, change, np.array([100, np.nan]), {300: earlier})
    np.testing.assert_array_equal(run.locked(0.05), [200, np.nan])
    np.testing.assert_array_equal(run.locked(0.05, 300), [100, 200])
    np.testing.assert_allclose(run.share_before, [3 / 4, 1 / 10])


@pytest.mark.parametrize("script", [SCRIPT, SCRIPT.parents[1] / "docs" / "guide_pictures.py"])
@pytest.mark.parametrize("folders", [[], ["empty", "empty"]])
def test_scripts_say_in_a_line_what_they_lack(script: Path, folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    given = folders if script == SCRIPT else folders[:1]
    done = subprocess.run([sys.executable, str(script), *given], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if folders else 2) and "error: " in done.stderr and "Traceback" not in done.stderr


def test_ranks_share_what_is_equal(study: ModuleType) -> None:
    np.testing.assert_array_equal(study.ranks(np.array([30.0, 10, 10, 20])), [3, 0.5, 0.5, 2])
    assert study.rank_correlation(np.array([1.0, 2, 3]), np.array([8.0, 9, 100])) == pytest.approx(1)
    assert study.spread([1, 3]) == "2 ± 1 (n = 2)"
