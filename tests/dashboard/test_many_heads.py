"""Panels that are too small for axes: one canvas shows them all, each where it stands."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headlapse.visualization.colors import color_scale
from headlapse.visualization.format import value_in_words
from tests.browsing import expect, new_page
from tests.dashboard.pictures import point_at, wait_for_pictures, wait_for_title
from tests.dashboard.runs import make_variant, patterns
from tests.waiting import eventually

pytestmark = pytest.mark.browser

P, PANELS = 7, 36
VIEW = "view=attention_pairs"
TITLE = "every position attending to every position"
SMALL, LARGE = {"width": 900, "height": 760}, {"width": 1800, "height": 1500}


def colors(epoch: int) -> np.ndarray:
    """uint8 `(panel, a, b, 3)`."""
    values = patterns(P, epoch).reshape(PANELS, P, P)
    return color_scale(values).paint(values)


def on_screen(page: Any, rows: int, columns: int, scale: float) -> np.ndarray:
    """`(panel, rows, columns, 3)`: the colour in the middle of each cell of each panel."""
    image = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    boxes = page.evaluate("[...document.querySelectorAll('#heads .plot')].map((plot) => plot.getBoundingClientRect().toJSON())")
    found = []
    for box in boxes:
        y = box["y"] + box["height"] * (np.arange(rows) + 0.5) / rows
        x = box["x"] + box["width"] * (np.arange(columns) + 0.5) / columns
        found.append(image[np.ix_((y * scale).astype(int), (x * scale).astype(int))])
    return np.array(found)


def wait_for_sheet(page: Any, expected: np.ndarray, scale: float = 1) -> None:
    page.locator("#heads .sheet").wait_for()
    _, rows, columns, _ = expected.shape
    eventually(lambda: np.testing.assert_array_equal(on_screen(page, rows, columns, scale), expected))


@pytest.mark.parametrize("scale", [1, 1.5, 2])
def test_every_cell_of_every_panel_has_its_place(browser: Any, serve: Any, tmp_path: Any, scale: float) -> None:
    make_variant(tmp_path, [0, 100])
    page = new_page(browser, viewport=SMALL, device_scale_factor=scale)
    server = serve(tmp_path)
    page.goto(f"{server}/?{VIEW}")
    wait_for_title(page, f"Epoch 100 · {TITLE}")
    wait_for_sheet(page, colors(100), scale)
    page.keyboard.press("Home")
    wait_for_sheet(page, colors(0), scale)
    page.goto(f"{server}/?{VIEW}&origin=lower&zoom=2-4,1-5&epoch=0")
    wait_for_sheet(page, colors(0)[:, 4:1:-1, 1:6], scale)
    page.context.close()


def test_panels_that_become_large_draw_themselves(page: Any, serve: Any, tmp_path: Any) -> None:
    make_variant(tmp_path, [0, 100])
    page.set_viewport_size(SMALL)
    page.goto(f"{serve(tmp_path)}/?{VIEW}")
    wait_for_sheet(page, colors(100))
    expect(page.locator("#heads .head canvas")).to_have_count(0)
    page.set_viewport_size(LARGE)
    wait_for_pictures(page, colors(100), "#heads")
    expect(page.locator("#heads .sheet")).to_have_count(0)
    page.set_viewport_size(SMALL)
    wait_for_sheet(page, colors(100))
    words = f"a 2, b 5: {value_in_words(float(patterns(P, 100).reshape(PANELS, P, P)[20, 2, 5]))}"
    assert point_at(page, page.locator("#heads .plot").nth(20), 2, 5, P, words, 20) == words
    page.locator("#heads .plot").nth(20).click()
    page.locator(".single-head").wait_for()
