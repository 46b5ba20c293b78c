"""The dashboard, the offline page and the notebook widget show one epoch alike, pixel for pixel inside the maps."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import headlapse
from headlapse.export import export_view
from tests.browsing import new_page
from tests.dashboard.pictures import painted, wait_for_pictures
from tests.dashboard.runs import make_variant
from tests.notebook.host import host

pytestmark = pytest.mark.browser

P, HEADS, SIDE = 13, 4, 13 * 11
UNCONTAINED = ".head, .head * { contain: none !important; }"  # or what is fixed would stand within its panel
SIDE_BY_SIDE = (
    f"{UNCONTAINED} .head .plot canvas {{ position: fixed; z-index: 99; top: 0; width: {SIDE}px; height: {SIDE}px; }}"
)
SIDE_BY_SIDE += "".join(f".head:nth-child({head + 1}) .plot canvas {{ left: {head * SIDE}px; }}" for head in range(HEADS))


def screenshot(page: Any, expected: np.ndarray) -> np.ndarray:
    """The maps as they are on the screen, once their cells are those `expected`."""
    wait_for_pictures(page, expected)
    page.add_style_tag(content=SIDE_BY_SIDE)
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": HEADS * SIDE, "height": SIDE})
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def test_three_surfaces_show_the_same_pixels(page: Any, browser: Any, serve: Any, tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0, 100], prime=P)
    expected = painted(variant, 100, 2, 0)
    page.goto(serve(tmp_path))
    dashboard = screenshot(page, expected)
    offline = new_page(browser)
    offline.goto(export_view(variant, tmp_path / "heads.html").resolve().as_uri())
    notebook = new_page(browser)
    host(notebook, headlapse.scrub(variant))
    np.testing.assert_array_equal(dashboard[:: SIDE // P, :: SIDE // P], np.concatenate(expected, axis=1))
    np.testing.assert_array_equal(screenshot(offline, expected), dashboard)
    np.testing.assert_array_equal(screenshot(notebook, expected), dashboard)
    for other in (offline, notebook):
        other.context.close()
