"""Reading a picture in a real browser: a part of the grid, slices through the pointer, and the colour bar beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headlapse.visualization.format import loss_in_words
from tests.browsing import expect
from tests.dashboard.pictures import box_of, point_at, wait_for_title
from tests.dashboard.runs import make_variant
from tests.waiting import eventually

pytestmark = pytest.mark.browser

EPOCHS = [0, 100]
PLOTS = "#heads .plot"
SHOWN = """selector => [...document.querySelectorAll(selector)].map((plot) => {
  const [seen, plane] = [plot, plot.querySelector('.plane')].map((e) => e.getBoundingClientRect());
  const side = plane.width / 7;
  return [seen.top - plane.top, seen.left - plane.left, seen.bottom - plane.top, seen.right - plane.left].map((x) => x / side);
})"""


def drag(page: Any, plot: Any, start: tuple[int, int], end: tuple[int, int], shape: tuple[int, int] = (7, 7)) -> None:
    """From the middle of a cell to that of another, as (row, column) on the screen."""
    box = box_of(plot)
    places = [
        (box["x"] + box["width"] * (column + 0.5) / shape[1], box["y"] + box["height"] * (row + 0.5) / shape[0])
        for row, column in (start, end)
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=3)
    page.mouse.up()


def wait_for_part(page: Any, rows: tuple[int, int], columns: tuple[int, int], within: str = PLOTS) -> None:
    """Until every map shows these cells and no others, counted on the screen, ends included."""
    wanted = [rows[0], columns[0], rows[1] + 1, columns[1] + 1]
    is_close = "part.every((x, i) => Math.abs(x - wanted[i]) < 0.02)"
    close = f"([s, wanted]) => {{ const all = ({SHOWN})(s); return all.length > 0 && all.every((part) => {is_close}); }}"
    page.wait_for_function(close, arg=[within, wanted])


def test_a_part_of_the_grid_is_dragged_out_kept_and_left_again(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    address = serve(tmp_path)
    page.goto(address)
    wait_for_title(page, "Epoch 100 · = attending to a")
    drag(page, page.locator(PLOTS).nth(1), (5, 4), (2, 1))
    page.wait_for_url("**zoom=2-5,1-4**")
    wait_for_part(page, (2, 5), (1, 4))
    expect(page.locator(".head")).to_have_count(4)  # a drag is no click
    page.keyboard.press("ArrowLeft")
    wait_for_title(page, "Epoch 0 · = attending to a")
    wait_for_part(page, (2, 5), (1, 4))
    value = variant.artifacts.load_epoch("attention_patterns", 0)["patterns"][1, 2, 0, 4, 1]
    point_at(page, page.locator(PLOTS).nth(1), 2, 0, 4, f"a 4, b 1: {value:.6g}", head=1)
    page.locator("#origin").select_option("lower")
    wait_for_part(page, (1, 4), (1, 4))
    page.locator(PLOTS).nth(2).dblclick()
    wait_for_part(page, (0, 6), (0, 6))
    expect(page.locator(".head")).to_have_count(4)
    page.wait_for_url(lambda address: "zoom" not in address)
    page.goto(f"{address}/?zoom=1-2,4-6&head=3")
    wait_for_part(page, (1, 2), (4, 6))
    page.get_by_role("button", name="Show the whole grid").click()
    wait_for_part(page, (0, 6), (0, 6))


def test_both_sides_of_compare_show_the_same_part(page, serve, tmp_path):
    one, other = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    ids = [f"{variant.family.name}/{variant.name}" for variant in (one, other)]
    page.goto(f"{serve(tmp_path)}/compare?variant={ids[0]}&with={ids[1]}")
    wait_for_part(page, (0, 6), (0, 6), "#sides .side:not([hidden]) .plot")
    expect(page.locator("#sides .plot")).to_have_count(12)
    expect(page.locator("#compare-notice")).to_be_hidden()
    drag(page, page.locator("#sides .plot").nth(5), (1, 2), (3, 6))
    page.wait_for_url("**zoom=1-3,2-6**")
    wait_for_part(page, (1, 3), (2, 6), "#sides .plot")


DRAWN = """selector => { const canvas = document.querySelector(selector);
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return { width, height, alpha: [...data].filter((_, i) => i % 4 === 3) }; }"""


def lengths(page: Any) -> np.ndarray:
    """How long the bars of the histogram are, from the high end to the low end."""
    drawn = page.evaluate(DRAWN, ".color-counts")
    return (np.reshape(drawn["alpha"], (drawn["height"], drawn["width"])) > 60).sum(axis=1)


def test_slices_marks_and_histogram_tell_of_what_is_shown(page, serve, tmp_path):
    variant = make_variant(tmp_path, EPOCHS)
    values = variant.artifacts.load_epoch("attention_patterns", 100)["patterns"][:, 2, 0]
    page.goto(f"{serve(tmp_path)}/?epoch=100&beside=profiles")
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#heads .profile")).to_have_count(8)
    point_at(page, page.locator(PLOTS).nth(1), 2, 5, 7, f"a 2, b 5: {values[1, 2, 5]:.6g}", head=1)
    expect(page.locator("#heads .over-first strong").nth(1)).to_have_text("a = 2")
    expect(page.locator("#heads .over-second strong").nth(1)).to_have_text("b = 5")
    marks = page.locator("#color-bar .color-marks span")
    expect(marks).to_have_count(4)
    tops = sorted(float(top.removesuffix("%")) for top in marks.evaluate_all("all => all.map((e) => e.style.top)"))
    np.testing.assert_allclose(tops, sorted(100 * (1 - values[:, 2, 5])), atol=1e-3)
    pointed = page.locator("#color-bar .pointed").evaluate("e => e.style.top")
    assert float(pointed.removesuffix("%")) == pytest.approx(100 * (1 - values[1, 2, 5]), abs=1e-3)
    counted, _ = np.histogram(values, bins=64, range=(0, 1))

    def check() -> None:
        drawn = lengths(page)
        heights = [drawn[round((63.4 - part) / 64 * len(drawn))] for part in range(64)]
        np.testing.assert_allclose(heights, np.maximum(18 * counted / counted.max(), counted > 0), atol=2)

    eventually(check)


def test_epochs_by_their_logarithm_and_losses_under_the_pointer(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 7, 63, 100])
    page.goto(f"{serve(tmp_path)}/?epoch=7")
    wait_for_title(page, "Epoch 7 · = attending to a")
    page.locator("#page-explore [data-action=log-epochs]").click()
    page.wait_for_url("**epochs=log**")
    curves = page.locator("#page-explore .loss").bounding_box()
    width = curves["width"] - 46 - 14
    marker = page.locator("#page-explore .loss-marker")
    place = 46 + width * np.log1p(7) / np.log1p(100) - 1

    def check() -> None:
        assert marker.bounding_box()["x"] - curves["x"] == pytest.approx(place, abs=1.5)

    eventually(check)
    page.mouse.move(curves["x"] + 46 + width * np.log1p(63) / np.log1p(100), curves["y"] + 60)
    hint = page.locator("#page-explore .hint-words")
    expect(hint.locator("strong")).to_have_text("epoch 63")
    train, test = variant.losses.train[63], variant.losses.test[62]
    expect(hint.locator("span")).to_have_text([f"test loss {loss_in_words(test)}", f"train loss {loss_in_words(train)}"])
    page.mouse.down()
    page.mouse.up()
    wait_for_title(page, "Epoch 63 · = attending to a")
    page.locator("#page-explore .epoch").focus()
    page.keyboard.press("Home")
    wait_for_title(page, "Epoch 0 · = attending to a")
    slider = page.locator("#page-explore .epoch").bounding_box()
    page.mouse.click(slider["x"] + slider["width"] - 9, slider["y"] + slider["height"] / 2)
    wait_for_title(page, "Epoch 100 · = attending to a")
