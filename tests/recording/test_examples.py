"""The notebooks about recording run from top to bottom, on fewer steps than a reader would take."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from tests.notebook.test_examples import EXECUTE, run, shortened
from tests.recording.loops import opened

NEEDS = {"recording": ("nbclient",), "recording_trainer": ("transformers", "accelerate"), "recording_lightning": ("lightning",)}
RUNS = {"recording": "my_loop", "recording_trainer": "my_trainer", "recording_lightning": "my_lightning"}


@pytest.mark.parametrize("name", NEEDS)
def test_the_notebook_runs(name: str, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in NEEDS[name]:
            pytest.importorskip(module, reason=f"{module} is an extra that is not installed")
    copy = shortened(f"{name}.ipynb", tmp_path)
    run(tmp_path, "-c", EXECUTE, str(copy))
    outputs = [output for cell in nbformat.read(copy, as_version=4).cells for output in cell.get("outputs", ())]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert opened(tmp_path / "results", RUNS[name]).epochs[-1] == 30
