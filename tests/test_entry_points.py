"""A separately installed package adds an analyzer and its view; nothing of headlapse is edited."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = """
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from headlapse.visualization.views import View


@dataclass(frozen=True)
class Sharpness:
    name: str = "sharpness"
    version: int = 3
    captures: tuple = (("pattern", 0),)

    def analyze(self, model, probe, cache, context):
        strongest = cache["pattern", 0].max(dim=-1).values.mean(dim=0)
        return {"sharpness": strongest.numpy()}


@dataclass(frozen=True)
class Final:
    name: str = "final_sharpness"
    version: int = 1
    source: str = "sharpness"

    def analyze_epochs(self, series, context):
        return {"epochs": np.array(list(series)), "last": series[max(series)]["sharpness"]}


def render(epoch_data, epoch, position_labels=None):
    return go.Figure(go.Heatmap(z=epoch_data["sharpness"]), layout={"title": {"text": f"epoch {epoch}"}})


VIEW = View(name="sharpness_map", title="Sharpness", analyzer="sharpness", render=render)
"""
ENTRY_POINTS = """
[headlapse.analyzers]
sharpness = sharp_heads:Sharpness
[headlapse.cross_epoch_analyzers]
final_sharpness = sharp_heads:Final
[headlapse.views]
sharpness_map = sharp_heads:VIEW
"""
USE = """
import sys, headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.visualization.views import ViewRegistry
family = headlapse.load_family("sharp", sys.argv[1])
variant = family.variant(prime=5, train_fraction=0.6, results=sys.argv[2]).train(epochs=4, checkpoint_epochs=[0, 4])
assert AnalysisPipeline(variant).run().computed == []
assert variant.artifacts.get_available_analyzers() == ["final_sharpness", "sharpness"], variant.artifacts
assert variant.artifacts.load_run("final_sharpness")["last"].shape == (4, 3)
figure = ViewRegistry.get("sharpness_map").render(variant.artifacts.load_epoch("sharpness", 4), 4)
print(figure.layout.title.text, figure.data[0].z.shape)
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A site folder with the package as pip would leave it: module and metadata."""
    site = tmp_path / "site"
    metadata = site / "sharp_heads-1.0.dist-info"
    metadata.mkdir(parents=True)
    (site / "sharp_heads.py").write_text(MODULE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: sharp-heads\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    return site


def test_an_installed_package_adds_analyzers_and_a_view(installed, family, tmp_path, monkeypatch):
    content = json.loads(family.path.read_text()) | {
        "name": "sharp",
        "analyzers": ["sharpness"],
        "cross_epoch_analyzers": ["final_sharpness"],
        "visualizations": ["sharpness_map"],
    }
    folder = tmp_path / "families" / "sharp"
    folder.mkdir(parents=True)
    (folder / "family.json").write_text(json.dumps(content))
    monkeypatch.setenv("PYTHONPATH", f"{installed}:{':'.join(sys.path)}")
    command = [sys.executable, "-c", USE, str(tmp_path / "families"), str(tmp_path / "results")]
    used = subprocess.run(command, check=False, capture_output=True, text=True)
    assert used.returncode == 0, used.stderr
    assert used.stdout.split("\n")[0] == "epoch 4 (4, 3)"
