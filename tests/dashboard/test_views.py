"""A view of a plug-in gets a panel, drawn by its own renderer, with the controls it declares."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import pytest

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.visualization.views import Option, View, ViewRegistry
from headlapse.workbench import FamilyRegistry, Variant
from tests.browsing import expect
from tests.dashboard.runs import add_artifact, add_checkpoint, make_variant, write_losses

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class NormsAnalyzer:
    name: str = "norms"

    def analyze(self, model, probe, cache, context):
        return {"norms": np.zeros(3)}


@dataclass(frozen=True)
class Unit:
    name: str = "unit"
    label: str = "Unit"

    def options(self, epoch_data, position_labels):
        return [Option("1", "as it is"), Option("10", "tenfold")]

    def arguments(self, value):
        return {"factor": int(value)}


def render_norms(epoch_data, epoch, position_labels, factor):
    if epoch == 200:
        raise RuntimeError("no picture today")
    return go.Figure(go.Bar(x=position_labels, y=epoch_data["norms"] * factor), {"title": {"text": f"norms at {epoch}"}})


@pytest.fixture
def norms_family(tmp_path, monkeypatch, family):
    """A family in a folder of the user, with an analyzer and a view that are not part of the program."""
    monkeypatch.setattr(AnalyzerRegistry, "_items", dict(AnalyzerRegistry._items))
    monkeypatch.setattr(ViewRegistry, "_items", dict(ViewRegistry._items))
    AnalyzerRegistry.register(NormsAnalyzer())
    ViewRegistry.register(View("norms_bars", "Norms", "norms", render_norms, controls=(Unit(),)))
    content = json.loads(family.path.read_text()) | {"name": "normed", "analyzers": ["norms"], "visualizations": ["norms_bars"]}
    path = tmp_path / "families" / "normed" / "family.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    return FamilyRegistry(tmp_path / "families").get("normed")


def test_view_of_a_plug_in_is_drawn_by_its_renderer(page, serve, tmp_path, norms_family):
    variant = Variant(norms_family, norms_family.resolve({"prime": 7}), tmp_path / "results")
    variant.write_config(schedule={}, versions={})
    write_losses(variant, 200)
    for epoch in (0, 100, 200):
        add_checkpoint(variant, epoch)
        add_artifact(variant, epoch, {"norms": np.array([1.0, 2.0, epoch])}, "norms")
    page.goto(serve(tmp_path / "results", families=[tmp_path / "families"]))
    page.locator(".problem", has_text="RuntimeError: no picture today").wait_for()
    page.locator("#page-explore .epoch").fill("100")
    page.locator(".other-panel .gtitle", has_text="norms at 100").wait_for()
    page.locator(".other-panel .mantine-Select-input").click()
    page.get_by_role("option", name="tenfold").click()
    page.wait_for_function("() => document.querySelector('.other-panel .js-plotly-plot')._fullData[0].y[1] === 20")
    expect(page.locator("#stage")).to_be_hidden()
    expect(page.locator("#notice")).to_be_hidden()


def test_another_view_takes_the_place_of_the_heads_and_is_in_the_address(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    page.locator(".head").first.wait_for()
    page.locator("#view").click()
    page.get_by_role("option", name="Attention entropy").click()
    page.locator(".other-panel .heatmaplayer").first.wait_for()
    expect(page.locator("#stage")).to_be_hidden()
    page.reload()
    page.locator(".other-panel .heatmaplayer").first.wait_for()
    page.go_back()
    page.locator(".head").first.wait_for()
