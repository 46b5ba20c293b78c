"""The offline page of several runs in a real chromium: one slider moves all of them, in the colours of the Python renderer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headlapse.export import export_compared
from headlapse.results.scalars import write_scalar
from headlapse.visualization.colors import color_scale
from tests.browsing import expect, new_page
from tests.dashboard.pictures import ONE_STEP, wait_for_pictures
from tests.dashboard.runs import make_variant, patterns, write_losses

pytestmark = pytest.mark.browser
FIRST, SECOND, THIRD = (f".side:nth-of-type({number})" for number in (1, 2, 3))


# Whether what sides say of the cell under the pointer is seen, each in its side
SAID = """heads => {
  const values = [...document.querySelectorAll('.side .head-value')].filter((value) => value.textContent);
  const inside = (one, other) => one.width > 0 && one.left >= other.left - 0.5 && one.right <= other.right + 0.5;
  return values.length === heads && values.every((value) => {
    const [words, seen, side] = [value.firstElementChild, value, value.closest('.heads')].map((e) => e.getBoundingClientRect());
    return inside(words, seen) && inside(words, side);
  });
}"""


# Whether no value is written over the button or the strips beside it
APART = """() => [...document.querySelectorAll('.single-head')].every((head) => {
  const value = head.querySelector('.head-value bdi').getBoundingClientRect();
  return [...head.querySelectorAll('.text-button, .profile-name, canvas')].every((part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    return value.right <= left + 0.5 || value.left >= right - 0.5 || value.bottom <= top + 0.5 || value.top >= bottom - 0.5;
  });
})"""


def opened(browser: Any, path: Any, **options: Any) -> Any:
    page = new_page(browser, offline=True, **options)
    page.goto(path.resolve().as_uri())
    expect(page.locator(".side .plot").first).to_be_visible()
    return page


def colors(p: int, epoch: int, to: int = 2, from_: int = 0) -> np.ndarray:
    values = patterns(p, epoch)[:, to, from_]
    return color_scale(values).paint(values)


def test_one_slider_moves_runs_that_are_aligned(browser, tmp_path):
    late, early = make_variant(tmp_path, [0, 100, 200]), make_variant(tmp_path, [0, 50, 100], prime=5)
    for run, grokked in ((late, 200), (early, 50)):
        write_losses(run, 200, grok_at=grokked)
        write_scalar(run.paths, "test_accuracy", {epoch: 0.995 if epoch >= grokked else 0.5 for epoch in run.epochs})
    never = make_variant(tmp_path, [0, 100, 200], weight_decay=0.0)
    write_losses(never, 200)
    with pytest.warns(UserWarning, match="not shifted"):
        path = export_compared([late, early, never], tmp_path / "three.html", align="grokking")
    page = opened(browser, path)
    expect(page.locator(".side p").nth(0)).to_contain_text("groks at epoch 200")
    expect(page.locator(".side p").nth(2)).to_contain_text("has not grokked by epoch 200, not shifted")
    page.locator(".epoch").fill("200")
    for place, epoch in enumerate((200, 50, 200)):
        expect(page.locator(".side p").nth(place)).to_contain_text(f"Epoch {epoch} ·")
    wait_for_pictures(page, colors(5, 50), SECOND)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".side p").nth(1)).to_contain_text("Epoch 0 ·")
    page.keyboard.press("2")
    wait_for_pictures(page, colors(5, 0, from_=1), SECOND)
    wait_for_pictures(page, colors(7, 100, from_=1), FIRST)
    page.context.close()


@pytest.mark.parametrize("size", [(1440, 900), (390, 664), (720, 450)])
def test_a_pinned_epoch_stays_and_has_its_difference_and_its_mark(browser, tmp_path, size):
    run = make_variant(tmp_path, [0, 100, 200])
    write_losses(run, 200)
    path = export_compared([run, run.at(100)], tmp_path / "two.html", choices={"from": "1"})
    page = opened(browser, path, viewport={"width": size[0], "height": size[1]})
    one, other = (patterns(7, epoch)[:, 2, 1] for epoch in (200, 100))
    wait_for_pictures(page, color_scale(one, (-1, 1), midpoint=0.0).paint(other - one), THIRD, 2 * ONE_STEP)
    expect(page.locator(".side p").nth(1)).to_contain_text("Epoch 100, pinned")
    expect(page.locator(".chart-marks .mark")).to_have_count(1)
    page.keyboard.press("Home")
    expect(page.locator(".side p").nth(0)).to_contain_text("Epoch 0 ·")
    wait_for_pictures(page, colors(7, 100, from_=1), SECOND)
    wait_for_pictures(page, colors(7, 0, from_=1), FIRST)
    page.keyboard.press("]")
    expect(page.locator(".single-head")).to_have_count(3)
    page.locator("#color").select_option("run")
    least = min(float(patterns(7, epoch)[:, 2, 1].min()) for epoch in run.epochs)
    said = page.locator(".color-low").first
    expect(said).not_to_have_text("0")
    assert abs(float(said.text_content() or "") - least) < 1 / 255
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=size[0])
    page.context.close()


@pytest.mark.parametrize("sides", [2, 3, 4])
@pytest.mark.parametrize("size", [(390, 664), (720, 450)])
def test_values_under_the_pointer_are_whole_on_each_side(browser, tmp_path, size, sides):
    runs = [make_variant(tmp_path, [0], prime=31, seed=seed) for seed in range(sides)]
    page = opened(browser, export_compared(runs, tmp_path / "many.html"), viewport={"width": size[0], "height": size[1]})
    shown = sides + (sides == 2)  # the difference of two
    page.locator(".side .plot").first.hover()
    page.wait_for_function(SAID, arg=4 * shown)
    page.keyboard.press("]")
    expect(page.locator(".single-head")).to_have_count(shown)
    page.locator(".single-head .plot").first.hover()
    page.wait_for_function(SAID.replace("value.closest('.heads')", "value.closest('.single-head')"), arg=shown)
    page.wait_for_function(APART)
    page.context.close()
