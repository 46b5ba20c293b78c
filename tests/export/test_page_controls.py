"""The offline page has the controls of the page, and shows with each of them what the Python renderer shows."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlapse
from headlapse.export import draw_view, export_view
from headlapse.export.page_parts import PageParts
from headlapse.export.timelapse import timelapse
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.browsing import expect, new_page
from tests.dashboard.pictures import ONE_STEP, wait_for_pictures
from tests.dashboard.runs import add_artifact, make_variant

P, VIEW = 7, ViewRegistry.get("attention_heads_grid")
ORDERS = ("natural", "logarithm", "frequency-1", "frequency-2", "frequency-3")


def waves(phase: float) -> np.ndarray:
    """Attention of four heads in which = attends to a in waves over a and over b, each head with its own."""
    a, b = np.meshgrid(np.arange(P), np.arange(P), indexing="ij")
    found = np.zeros((4, 3, 3, P, P))
    found[:, 0, 0] = 1
    found[:, 1, :2] = 0.5
    for head, k in enumerate((1, 2, 3, 2)):
        wave = np.cos(2 * np.pi * k * a / P + head + phase) + 0.5 * np.cos(2 * np.pi * k * b / P + 2 * head - phase)
        found[head, 2, 0] = 0.4 + 0.15 * wave + 0.01 * np.random.default_rng(head).random((P, P))
    found[:, 2, 1:] = (1 - found[:, 2, :1]) * np.array([0.7, 0.3])[:, None, None]
    return found.astype(np.float32)


@pytest.fixture(scope="module")
def wavy(tmp_path_factory: pytest.TempPathFactory) -> Variant:
    """p = 7, with waves. Shared: do not write into it."""
    variant = make_variant(tmp_path_factory.mktemp("wavy"), [0, 100])
    for epoch in variant.epochs:
        add_artifact(variant, epoch, {"patterns": waves(epoch / 50)})
    return variant


def content_of(drawing: Any) -> Any:
    text = drawing.content.decode()
    return json.loads(text.partition('id="content">')[2].partition("</script>")[0])


def drawn(variant: Variant, epoch: int, **arguments: Any) -> Any:
    return VIEW.draw(variant.artifacts.load_epoch("attention_patterns", epoch), epoch, variant.labels, **arguments)


def test_every_view_has_its_controls(trained: Variant) -> None:
    shown = [name for name in trained.views if trained.artifacts.get_epochs(ViewRegistry.get(name).analyzer)]
    assert len(shown) > 4
    for name in shown:
        view = ViewRegistry.get(name)
        widget = {control["name"] for control in headlapse.scrub(trained, name).controls}
        assert widget == {control.name for control in view.controls_of(trained.labels)}, name
        offered = {
            control["name"] for control in content_of(draw_view(trained, ".html", view=name, epochs=[0, 60]))["controls"]
        }
        computed = {"replaced", "kind"} if view.computes else set()  # each choice would be computed from the weights
        assert offered == widget - computed, name


def test_what_is_chosen_comes_first_and_all_else_can_be_chosen_too(wavy: Variant) -> None:
    choices = {"from": "b", "order": "frequency-2", "waves": "on", "scale": "magma", "color": "0.25..0.5"}
    content = content_of(draw_view(wavy, ".html", choices=choices))
    shown = {"to": "2", "from": "1", "order": "frequency-2", "waves": "on", "scale": "magma", "color": "0.25..0.5"}
    assert content["choices"] == shown
    assert {control["name"]: len(control["options"]) for control in content["controls"]}.items() >= {"to": 3, "from": 3}.items()
    assert content["sides"][0]["parts"][0]["choices"] == {"to": "2", "from": "1"}
    (color,) = [control for control in content["controls"] if control["name"] == "color"]
    assert color["options"][-1] == {"value": "0.25..0.5", "label": "0.25 to 0.5", "arguments": {"color_range": [0.25, 0.5]}}


def test_orders_are_places_of_the_same_cells_and_their_curves_those_of_python(wavy: Variant) -> None:
    """Where the curves of an order are not sent, they are the natural ones with their points at other places."""
    parts = PageParts(timelapse(wavy, VIEW, [0, 100], {}), 10**6, 10**6)
    (curves, of_logarithm) = next(part["curves"] for part in parts.parts() if part["choices"] == {"to": "2", "from": "0"})
    assert of_logarithm["choices"] == {"waves": "on", "order": "logarithm"} and curves["choices"] == {"waves": "on"}
    arrangements = {one["choices"]["order"]: one for one in parts.arrangements()}
    assert {*arrangements} == {*ORDERS} - {"natural", "frequency-1"}
    natural = drawn(wavy, 100, waves=True)
    for order, one in arrangements.items():
        picture, (rows, columns) = drawn(wavy, 100, order=order, waves=True), one["places"]
        np.testing.assert_array_equal(natural.values[:, rows][:, :, columns], picture.values)
        assert [axis["ticks"] for axis in one["axes"]] == [list(axis.ticks) for axis in picture.axes]
        assert picture.curves
        if order == "logarithm":
            sent = json.loads(zlib.decompress(base64.b64decode(of_logarithm["frames"])))[1]
            assert [curve["panel"] for curve in sent] == [curve.panel for curve in picture.curves]
            continue
        for own, of_order in zip(natural.curves, picture.curves, strict=True):
            is_down = own.rows == tuple(range(P))
            moved = [(own.columns if is_down else own.rows)[place] for place in (rows if is_down else columns)]
            np.testing.assert_allclose(of_order.columns if is_down else of_order.rows, moved, atol=1e-9)


@pytest.mark.browser
def test_the_reader_chooses_order_and_waves(browser: Any, wavy: Variant, tmp_path: Path) -> None:
    page = new_page(browser, offline=True, viewport={"width": 1200, "height": 900})
    page.goto(export_view(wavy, tmp_path / "wavy.html", choices={"color": "0.25..0.5"}).as_uri())
    page.locator("#waves").select_option("on")
    for order in ORDERS:
        page.locator("#order").select_option(order)
        picture = drawn(wavy, 100, order=order, waves=True, color_range=(0.25, 0.5))
        wait_for_pictures(page, picture.colors.paint(picture.values), "", 4 * ONE_STEP)
        expect(page.locator(".curves polyline")).to_have_count(len(picture.curves))
        found = page.locator(".curves polyline").evaluate_all("lines => lines.map(line => line.getAttribute('points'))")
        for text, curve in zip(found, picture.curves, strict=True):
            points = np.array([point.split(",") for point in text.split()], dtype=float) - 0.5
            np.testing.assert_allclose(points, np.stack([curve.columns, curve.rows], axis=1), atol=2e-3)
    page.keyboard.press("Home")
    picture = drawn(wavy, 0, order=ORDERS[-1], color_range=(0.25, 0.5))
    wait_for_pictures(page, picture.colors.paint(picture.values), "", 4 * ONE_STEP)
    page.locator("#waves").select_option("off")
    expect(page.locator(".curves polyline")).to_have_count(0)
    page.context.close()
