"""A view of a plug-in gets a panel, drawn by its own renderer, with the controls it declares."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import pytest

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.families.axes import Axis
from headlapse.results.records import write_config
from headlapse.visualization.colors import color_scale
from headlapse.visualization.controls import Choice
from headlapse.visualization.pictures import grids
from headlapse.visualization.views import Option, View, ViewRegistry
from headlapse.workbench import FamilyRegistry, Variant
from tests.browsing import expect
from tests.dashboard.pictures import point_at, wait_for_pictures, wait_for_title
from tests.dashboard.runs import add_artifact, add_checkpoint, make_variant, write_losses
from tests.plug_ins import keep_apart

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
    keep_apart(monkeypatch, AnalyzerRegistry, NormsAnalyzer())
    keep_apart(monkeypatch, ViewRegistry, View("norms_bars", "Norms", "norms", render_norms, controls=(Unit(),)))
    return family_with(tmp_path, family, analyzers=["norms"], visualizations=["norms_bars"])


def family_with(tmp_path, family, **fields):
    """The family `mine` in a folder of its own: that given, with other fields."""
    path = tmp_path / "families" / "mine" / "family.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(json.loads(family.path.read_text()) | {"name": "mine", **fields}))
    return FamilyRegistry(tmp_path / "families").get("mine")


def made(family, results, epochs):
    variant = Variant(family, family.resolve({"prime": 7}), results)
    write_config(variant, schedule={}, versions={})
    write_losses(variant, epochs[-1])
    for epoch in epochs:
        add_checkpoint(variant, epoch)
    return variant


def test_view_of_a_plug_in_is_drawn_by_its_renderer(page, serve, tmp_path, norms_family):
    variant = made(norms_family, tmp_path / "results", [0, 100, 200])
    for epoch in variant.epochs:
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
    variant = make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    page.locator(".head").first.wait_for()
    page.locator("#view").select_option(label="Attention entropy")
    wait_for_pictures(page, entropy_of(variant, 100))
    page.locator("#page-explore .epoch").fill("0")
    wait_for_pictures(page, entropy_of(variant, 0))
    page.wait_for_url("**epoch=0*")
    page.reload()
    wait_for_title(page, "Epoch 0 · spread of attention, = attending")
    page.go_back()
    wait_for_title(page, "Epoch 100 · = attending to a")


def entropy_of(variant, epoch):
    values = variant.artifacts.load_epoch("attention_entropy", epoch)["entropy"][:, 2]
    return color_scale(values, (0, np.log(3))).paint(values)


def test_positions_by_positions_of_one_input_and_of_all(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    patterns = variant.patterns(100)
    page.goto(f"{serve(tmp_path)}/?view=attention_positions")
    wait_for_title(page, "Epoch 100 · mean over all inputs")
    mean = patterns.mean(axis=(3, 4), dtype=np.float64)
    wait_for_pictures(page, color_scale(mean).paint(mean))
    page.locator("#at-a").select_option("2")
    page.locator("#at-b").select_option("5")
    wait_for_title(page, "Epoch 100 · a = 2, b = 5")
    wait_for_pictures(page, color_scale(mean).paint(patterns[..., 2, 5]))
    point_at(page, page.locator(".plot").nth(3), 2, 1, 3, f"to =, from b: {patterns[3, 2, 1, 2, 5]:.6g}", head=3)


def test_lines_are_drawn_and_say_their_values(page, serve, tmp_path, trained):
    page.goto(f"{serve(trained.results)}/?view=attention_lock_in_timeline&epoch=20&quantity=change")
    wait_for_title(page, "Epoch 20 · When heads lock in: = attending")
    expect(page.locator("#choices").get_by_label("Profiles", exact=True)).to_have_count(0)  # lines have none
    arrays = trained.artifacts.load_run("attention_lock_in")
    change = arrays["change"][list(arrays["epochs"]).index(20), :, 2]
    expect(page.locator(".line-names")).to_contain_text(f"Head 1 {change[1]:.3g}")
    box = page.locator(".line-plots canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 17, box["y"] + box["height"] / 2)
    expect(page.locator(".line-names strong")).to_have_text("epoch 60")


def picture_of_rows(arrays, epoch, run, *, shift=0.0):
    """A view of somebody else's: panels that are no heads, over axes that are no inputs."""
    values = arrays["rows"] + shift
    axes = (Axis("layer", 2), Axis("token", 3, ("x", "y", "z")))
    return grids(values, ["left", "right"], axes, subject="rows", epoch=epoch, value_label="norm", limits=(-1.0, 9.0))


def test_a_view_of_a_plug_in_is_scrubbed_without_code_for_it(page, serve, tmp_path, monkeypatch, family):
    shifts = Choice("shift", "Shift", ((Option("0", "none"), {"shift": 0.0}), (Option("2", "by two"), {"shift": 2.0})))
    view = View("rows_view", "Rows", "attention_entropy", picture=picture_of_rows, controls=(shifts,))
    keep_apart(monkeypatch, ViewRegistry, view)
    family = family_with(tmp_path, family, analyzers=["attention_entropy"], visualizations=["rows_view"])
    variant = made(family, tmp_path / "results", [0, 100])
    rows = {epoch: np.arange(12.0).reshape(2, 2, 3) / 2 + epoch / 50 for epoch in (0, 100)}
    for epoch, values in rows.items():
        add_artifact(variant, epoch, {"rows": values}, "attention_entropy")
    page.goto(serve(tmp_path / "results", families=[tmp_path / "families"]))
    for epoch, shift in ((100, "0"), (0, "0"), (0, "2")):
        page.locator("#shift").select_option(shift)
        page.locator("#page-explore .epoch").fill(str(epoch))
        wait_for_title(page, f"Epoch {epoch} · rows")
        values = rows[epoch] + float(shift)
        wait_for_pictures(page, color_scale(values, (-1, 9)).paint(values))
    point_at(page, page.locator(".plot").nth(1), 1, 2, 3, "layer 1, token z: ", head=1)
    expect(page.locator("#color-bar .color-name")).to_have_text("norm")


def picture_of_all_epochs(arrays, epoch, run):
    axes = (Axis("layer", 2), Axis("token", 3))
    return grids(arrays["rows"].mean(axis=0), ["left", "right"], axes, subject="mean of all epochs", epoch=epoch)


def test_the_numbers_of_a_picture_of_all_epochs_are_exact_at_every_epoch(page, serve, tmp_path, monkeypatch, family):
    view = View("rows_view", "Rows", "attention_entropy", picture=picture_of_all_epochs, over_epochs=True)
    keep_apart(monkeypatch, ViewRegistry, view)
    family = family_with(tmp_path, family, analyzers=["attention_entropy"], visualizations=["rows_view"])
    variant = made(family, tmp_path / "results", [0, 100])
    rows = np.linspace(0.01, 0.99, 24).reshape(2, 2, 2, 3) ** 2
    for epoch, values in zip((0, 100), rows, strict=True):
        add_artifact(variant, epoch, {"rows": values.astype(np.float32)}, "attention_entropy")
    page.goto(serve(tmp_path / "results", families=[tmp_path / "families"]) + "/?epoch=0")
    wait_for_title(page, "Epoch 0 · mean of all epochs")
    exact = rows.astype(np.float32).mean(axis=0)[1, 1, 2]
    point_at(page, page.locator(".plot").nth(1), 1, 2, 3, f"layer 1, token 2: {exact:.6g}", head=1)
