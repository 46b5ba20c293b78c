"""The Explore page in a real browser: what is painted is what the artifact holds."""

from __future__ import annotations

import numpy as np
import pytest

from headlapse.results.variant import Variant
from headlapse.visualization.colors import color_scale
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser

READ_PIXELS = """() => [...document.querySelectorAll('.head .plot canvas')].map((canvas) =>
  [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data])"""


def pixels(page, p=7):
    """uint8 `(heads, p, p, 3)` as they are on the canvases."""
    return np.array(page.evaluate(READ_PIXELS), dtype=np.uint8).reshape(-1, p, p, 4)[..., :3]


def painted(variant: Variant, epoch: int, to: int, from_: int, **look) -> np.ndarray:
    """The same, as the Python renderer colours it."""
    values = variant.artifacts.load_epoch("attention_patterns", epoch)["patterns"][:, to, from_]
    return color_scale(values, **look).paint(values)


def wait_for_title(page, title: str) -> None:
    page.wait_for_function("title => document.getElementById('picture-title')?.textContent === title", arg=title)
    page.wait_for_function("() => !document.getElementById('heads').classList.contains('waiting')")
    page.wait_for_timeout(400)  # the exact numbers arrive once the eye rests


def test_newest_checkpoint_is_painted_as_the_renderer_would(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100, 250])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 250 · = attending to a")
    np.testing.assert_array_equal(pixels(page), painted(variant, 250, 2, 0))
    assert page.locator("#variant-state").inner_text() == "analysed"
    assert page.locator("#page-explore .epoch").get_attribute("max") == "250"


def test_slider_moves_to_checkpoints_and_changes_picture_and_address(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100, 250])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 250 · = attending to a")
    page.locator("#page-explore .epoch").fill("120")
    wait_for_title(page, "Epoch 100 · = attending to a")
    np.testing.assert_array_equal(pixels(page), painted(variant, 100, 2, 0))
    page.wait_for_url("**epoch=100*")


def test_pair_changes_picture_and_title(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.locator("#pair").click()
    page.get_by_role("option", name="b attending to a").click()
    wait_for_title(page, "Epoch 100 · b attending to a")
    np.testing.assert_array_equal(pixels(page), painted(variant, 100, 1, 0))


def test_a_and_b_are_not_swapped_on_screen(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 0 · = attending to a")
    box = page.locator(".plot").nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 5.5 / 7, box["y"] + box["height"] * 2.5 / 7)
    value = variant.artifacts.load_epoch("attention_patterns", 0)["patterns"][1, 2, 0, 2, 5]
    hover = "text => document.querySelectorAll('.head-value')[1].textContent === text"
    page.wait_for_function(hover, arg=f"a 2, b 5: {value:.6g}")


def test_single_head_and_back(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.locator(".plot").nth(2).click()
    page.locator(".single-head").wait_for()
    page.wait_for_timeout(400)
    np.testing.assert_array_equal(pixels(page), painted(variant, 100, 2, 0)[2:3])
    page.get_by_role("button", name="all heads").click()
    page.wait_for_function("() => document.querySelectorAll('.head').length === 4")


def test_without_artifacts_there_is_no_panel_but_advice(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100], analysed=[])
    page.goto(serve(tmp_path))
    page.locator("#notice h2").wait_for()
    assert page.locator("#notice h2").inner_text() == "Not analysed yet"
    assert page.locator("#notice code").inner_text() == f"headlapse analyze {variant.name}"
    assert page.locator(".head").count() == 0
    assert not page.locator("#stage").is_visible()


def test_nothing_trained_yet(page, serve, tmp_path):
    page.goto(serve(tmp_path / "missing"))
    page.locator("#notice h2").wait_for()
    assert page.locator("#notice h2").inner_text() == "Nothing trained yet"
    assert page.locator("#notice code").inner_text().startswith("headlapse train ")
