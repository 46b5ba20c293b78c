"""All pairs of positions at a glance: everywhere the same pictures, which open the pair that is clicked on."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

import headlapse
from headlapse.export import export_view
from headlapse.visualization.colors import color_scale
from headlapse.visualization.format import value_in_words
from tests.browsing import expect, new_page
from tests.dashboard.pictures import box_of, point_at, wait_for_pictures, wait_for_title
from tests.dashboard.runs import make_variant, patterns
from tests.notebook.host import host

pytestmark = pytest.mark.browser

PAIRS, ALL = 9, "every position attending to every position"
HEAD, TO, FROM = 1, 2, 0
PANEL = PAIRS * HEAD + 3 * TO + FROM


def painted(epoch: int) -> np.ndarray:
    """uint8 `(panel, a, b, 3)`: every pair of every head."""
    values = patterns(7, epoch).reshape(-1, 7, 7)
    return color_scale(values).paint(values)


def expect_opened(page: Any) -> None:
    for part in ("view=attention_heads_grid", f"head={HEAD}", f"to={TO}", f"from={FROM}"):
        expect(page).to_have_url(re.compile(rf"[?&]{part}\b"))


def test_a_glance_at_all_pairs_opens_one_of_them(page, browser, serve, tmp_path):
    one, other = (make_variant(tmp_path, [0, 100], seed=seed) for seed in (1, 2))
    served, variant = serve(tmp_path), f"variant={one.family_name}/{one.name}"
    page.goto(f"{served}/?{variant}&view=attention_pairs")
    wait_for_title(page, f"Epoch 100 · {ALL}")
    wait_for_pictures(page, painted(100), "#heads")
    plot, words = page.locator("#heads .plot").nth(PANEL), value_in_words(float(patterns(7, 100)[HEAD, TO, FROM, 2, 5]))
    assert point_at(page, plot, 2, 5, 7, f"a 2, b 5: {words}", PANEL) == f"a 2, b 5: {words}"
    page.keyboard.press("Home")
    wait_for_title(page, f"Epoch 0 · {ALL}")
    wait_for_pictures(page, painted(0), "#heads")

    plot.click()
    wait_for_title(page, "Epoch 0 · = attending to a")
    expect_opened(page)
    expect(page.locator("#heads .head-name:visible")).to_have_text(["Head 1"])
    page.go_back()
    wait_for_title(page, f"Epoch 0 · {ALL}")
    expect(page.locator("#heads .head .plot")).to_have_count(4 * PAIRS)

    page.goto(f"{served}/compare?{variant}&with={other.family_name}/{other.name}&view=attention_pairs&epoch=100")
    for side in (1, 2):
        wait_for_pictures(page, painted(100), f".side:nth-of-type({side})")
    page.locator(".side:nth-of-type(2) .plot").nth(PANEL).click()
    expect_opened(page)

    alone = new_page(browser)
    alone.goto(export_view(one, tmp_path / "pairs.html", view="attention_pairs").as_uri())
    wait_for_pictures(alone, painted(100))
    host(alone, headlapse.scrub(one, "attention_pairs"))
    wait_for_pictures(alone, painted(100))
    alone.locator(".plot").nth(PANEL).click()
    expect(alone.locator(".head-name:visible")).to_have_text(["H1 =:a"])
    alone.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 664)])
def test_no_title_of_a_pair_is_cut(page, serve, tmp_path, width, height):
    variant = make_variant(tmp_path, [0])
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/?variant={variant.family_name}/{variant.name}&view=attention_pairs")
    expect(page.locator("#heads .plot")).to_have_count(4 * PAIRS)
    cut = "lines => lines.filter((line) => line.scrollWidth > line.clientWidth).map((line) => line.textContent)"
    assert page.locator("#heads figcaption").evaluate_all(cut) == []


def test_a_pair_in_the_positions_of_a_head_opens_it(page, serve, tmp_path):
    run = make_variant(tmp_path, [0, 100])
    page.goto(f"{serve(tmp_path)}/?variant={run.family_name}/{run.name}&view=attention_positions&zoom=1-2,0-1&origin=lower")
    wait_for_title(page, "Epoch 100 · mean over all inputs")
    mean = patterns(7, 100).mean(axis=(3, 4), dtype=np.float64)[HEAD]
    plot = page.locator("#heads .plot").nth(HEAD)
    point_at(page, plot, 0, 0, 2, f"to =, from a: {value_in_words(float(mean[TO, FROM]))}"[:18], HEAD)
    box = box_of(plot)
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect_opened(page)
    expect(page).not_to_have_url(re.compile("zoom="))
    values = patterns(7, 100)[HEAD : HEAD + 1, TO, FROM, ::-1]
    wait_for_pictures(page, color_scale(values).paint(values), "#heads")
    page.go_back()
    wait_for_title(page, "Epoch 100 · mean over all inputs")
    expect(page).to_have_url(re.compile("view=attention_positions.*zoom=1-2,0-1|zoom=1-2,0-1.*view=attention_positions"))
    page.get_by_role("button", name="Enlarge Head 1").press("Enter")
    page.locator(".single-head").wait_for()
    expect(page).to_have_url(re.compile("view=attention_positions"))


def test_files_show_all_pairs(tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    image = np.asarray(Image.open(export_view(variant, tmp_path / "pairs.png", view="attention_pairs", epochs=100)))
    colors = {tuple(color) for color in image.reshape(-1, 3).tolist()}
    assert {tuple(color) for color in painted(100).reshape(-1, 3).tolist()} <= colors
    with Image.open(export_view(variant, tmp_path / "pairs.gif", view="attention_pairs")) as moving:
        assert moving.n_frames == 2
