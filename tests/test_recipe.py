"""The README's recipe for an analyzer and its view, carried out as it is printed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
FILES = dict(re.findall(r"```python\n# src/(headlapse/\S+\.py)\n(.*?)```", README, re.DOTALL))
(FAMILY,) = re.findall(r"`src/(headlapse/families/\S+/family\.json)`:", README)
NAMES: dict[str, list[str]] = json.loads("{" + "".join(re.findall(r"```json\n(.*?)```", README, re.DOTALL)) + "}")
ANALYZER, VIEW = (NAMES[key][-1] for key in ("analyzers", "visualizations"))

USE = """
import sys
import numpy as np
import headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.dashboard.panels import panels

results, analyzer, view = sys.argv[1:]
variant = headlapse.load_family("modulo_addition_1layer").variant(prime=5, train_fraction=0.6, results=results)
variant.train(epochs=4, checkpoint_epochs=[0, 4])
assert variant.artifacts.get_epochs(analyzer) == [0, 4], "a new run is analysed as it trains"
variant.artifacts.file(analyzer, 4).unlink()
computed = AnalysisPipeline(variant).run().computed
assert [(outcome.analyzer, outcome.epoch) for outcome in computed] == [(analyzer, 4)], "one that exists is analysed later"
(panel,) = [panel for panel in panels(variant) if panel["view"] == view]
assert panel["epochs"] == [0, 4] and "problem" not in panel, panel
for head, drawn in enumerate(variant.at(4).view(view).figure().data):
    np.testing.assert_allclose(drawn.z, variant.patterns(4)[head].mean(axis=(2, 3)), rtol=0, atol=1e-6)
"""


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the program in which somebody has followed the recipe."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "src" / "headlapse", copy / "headlapse", ignore=shutil.ignore_patterns("__pycache__"))
    for name, content in FILES.items():
        assert not (copy / name).exists()
        (copy / name).write_text(content)
    content = json.loads((copy / FAMILY).read_text())
    assert {key: [*content[key], names[-1]] for key, names in NAMES.items()} == NAMES, "what the family has, and one more"
    (copy / FAMILY).write_text(json.dumps(content | NAMES))
    return copy


def test_who_follows_the_readme_has_a_panel(edited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(FILES) == 2
    monkeypatch.setenv("PYTHONPATH", str(edited))
    command = [sys.executable, "-c", USE, str(tmp_path / "results"), ANALYZER, VIEW]
    used = subprocess.run(command, check=False, capture_output=True, text=True)
    assert used.returncode == 0, used.stderr
