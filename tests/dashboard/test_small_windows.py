"""On a phone, and in a window that is zoomed to 200 %: nothing is cut at the sides, and the slider stays beside a picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from headlapse.results.losses import append_losses
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser

INSIDE = """selector => [...document.querySelectorAll(selector)].filter((e) => e.offsetParent !== null).every((element) => {
  const { left, right } = element.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
})"""

UNCUT = """selector => [...document.querySelectorAll(selector)].every((words) => words.scrollWidth <= words.clientWidth)"""

FITS = """() => {
  const value = document.querySelector('.single-head .head-value');
  const [seen, words] = [value, value.firstElementChild].map((part) => part.getBoundingClientRect());
  return words.left >= seen.left - 0.5 && words.right <= seen.right + 0.5;
}"""

UNBROKEN = """selector => {
  const words = [...document.querySelectorAll(selector)];
  return words.length === 2 && words.every((word) => word.getClientRects().length === 1);
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450)])
def test_nothing_is_cut_and_the_slider_is_beside_a_picture(
    page: Any, serve: Any, tmp_path: Path, width: int, height: int
) -> None:
    runs = [make_variant(tmp_path, [0, 100], seed=seed) for seed in (1, 2, 3)]
    runs[0].paths.losses.unlink()
    append_losses(runs[0].paths.losses, 0, [3.9e-5] * 101, [4.8e-8] * 101)
    first, *others = (f"{run.family.name}/{run.name}" for run in runs)
    page.set_viewport_size({"width": width, "height": height})
    address = serve(tmp_path)

    page.goto(f"{address}/?variant={first}&view=tails&epoch=90&head=9&nothing=1")
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.wait_for_function(INSIDE, arg="#remark:not([hidden]) button")
    expect(page.locator("#page-explore .epoch")).to_be_in_viewport(ratio=1)
    page.get_by_role("combobox", name="Variant").click()
    page.locator(".variant-list [role=option]").first.wait_for()
    page.wait_for_function(INSIDE, arg=".variant-choice .variant-popup, .variant-choice .variant-name")

    page.goto(f"{address}/compare?variant={first}&with={','.join(others)}")
    for seen in (".side:nth-of-type(1) .plot >> nth=0", "#page-compare .epoch"):
        expect(page.locator(seen)).to_be_in_viewport()
    expect(page.locator(".side p").first).to_have_text("Epoch 100 · test loss 4.8e-8 · train loss 3.9e-5")
    page.wait_for_function(UNBROKEN, arg=".side:nth-of-type(1) .unbroken")
    page.get_by_role("combobox", name="Add a variant to compare").click()
    page.wait_for_function(INSIDE, arg=".adder .variant-popup")

    page.goto(f"{address}/runs")
    page.locator("#run-list").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="tags", exact=True).click()
    page.wait_for_function(INSIDE, arg="#page-runs .controls button, #page-runs .controls input, #page-runs .controls a")


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450)])
def test_the_wall_and_its_slider_are_on_one_screen(page: Any, serve: Any, tmp_path: Path, width: int, height: int) -> None:
    for seed in (1, 2, 3):
        make_variant(tmp_path, [0, 100], seed=seed)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/runs?wall=on")
    expect(page.locator(".tile canvas")).to_have_count(12)
    for shown in (".tile-words >> nth=0", ".tile canvas >> nth=0", ".tile canvas >> nth=3", "#wall .epoch-slider"):
        expect(page.locator(shown)).to_be_in_viewport(ratio=1)
    page.wait_for_function(UNCUT, arg=".tile-words")
    view = page.locator("#wall").get_by_label("View", exact=True)
    expect(view).to_be_hidden()
    page.locator("#wall").get_by_role("button", name="Controls").click()
    expect(view).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(view).to_be_hidden()


def test_names_of_compared_runs_leave_room_for_their_pictures_in_a_low_window(page: Any, serve: Any, tmp_path: Path) -> None:
    runs = [make_variant(tmp_path, [0, 100], seed=seed, train_fraction=0.6, weight_decay=0.0) for seed in (1, 2, 3, 4)]
    first, *others = (f"{run.family.name}/{run.name}" for run in runs)
    page.set_viewport_size({"width": 720, "height": 450})
    page.goto(f"{serve(tmp_path)}/compare?variant={first}&with={','.join(others)}")
    names = page.locator(".side h2:not(.plain)")
    expect(names.first).to_have_attribute("title", "p7 · seed1 · dseed598 · frac0.6 · wd0")
    page.wait_for_function("() => [...document.querySelectorAll('.side h2')].every((name) => name.offsetHeight < 24)")
    expect(page.locator(".side:nth-of-type(1) .plot").first).to_be_in_viewport(ratio=1)
    expect(page.locator("#page-compare .epoch-slider")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("sides", [2, 3, 4])
def test_very_long_names_of_compared_runs_leave_room_for_their_pictures(
    page: Any, serve: Any, tmp_path: Path, sides: int
) -> None:
    settings = {"data_seed": 987654321098, "train_fraction": 0.123456789, "lr": 0.00123456, "weight_decay": 0.000123456}
    runs = [make_variant(tmp_path, [0, 100], seed=123456789010 + number, **settings) for number in range(sides)]
    first, *others = (f"{run.family.name}/{run.name}" for run in runs)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{serve(tmp_path)}/compare?variant={first}&with={','.join(others)}")
    names = page.locator(".side h2:not(.plain)")
    for number in range(sides):
        expect(names.nth(number)).to_have_attribute("title", re.compile(f"^p7 · seed12345678901{number} · .*wd0.000123456$"))
    page.wait_for_function("() => [...document.querySelectorAll('.side h2')].every((name) => name.offsetHeight < 48)")
    expect(page.locator(".side:nth-of-type(1) .plot").first).to_be_in_viewport(ratio=1)
    expect(page.locator("#page-compare .epoch-slider")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450)])
def test_the_words_of_a_cell_are_whole(page: Any, serve: Any, tmp_path: Path, width: int, height: int) -> None:
    make_variant(tmp_path, [0, 100])
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/?beside=profiles")
    wait_for_title(page, "Epoch 100 · = attending to a")
    for head in (0, 1):
        page.locator("#heads .plot").nth(head).hover()
        expect(page.locator("#heads .head").nth(head)).to_have_class(re.compile("pointed"))
        page.wait_for_function(INSIDE, arg=".pointed .head-value")
        page.wait_for_function(UNCUT, arg=".pointed .head-value, .pointed figcaption")


def test_the_value_of_a_cell_of_one_head_is_whole(page: Any, serve: Any, tmp_path: Path) -> None:
    make_variant(tmp_path, [0], prime=31)
    page.set_viewport_size({"width": 390, "height": 664})
    page.goto(f"{serve(tmp_path)}/?head=1")
    page.locator(".single-head .plot").hover()
    expect(page.locator(".single-head .head-value")).to_contain_text(re.compile(r"\d\.\d+$"))
    page.wait_for_function(FITS)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (720, 450)])
def test_one_head_leaves_the_losses_as_much_room_as_all_heads(
    page: Any, serve: Any, tmp_path: Path, width: int, height: int
) -> None:
    make_variant(tmp_path, [0, 100])
    page.set_viewport_size({"width": width, "height": height})
    address = serve(tmp_path)
    page.goto(address)
    expect(page.locator("#heads .plot")).to_have_count(4)
    room = page.locator("#page-explore .loss").bounding_box()["height"]
    page.goto(f"{address}/?head=1")
    expect(page.locator(".single-head .plot")).to_have_count(1)
    page.wait_for_function("least => document.querySelector('#page-explore .loss').clientHeight >= least", arg=room - 1)


@pytest.mark.parametrize(("width", "height"), [(280, 653), (320, 568), (390, 664), (512, 384), (700, 400), (720, 450)])
def test_the_bar_is_whole_in_every_window(page: Any, serve: Any, tmp_path: Path, width: int, height: int) -> None:
    run = make_variant(tmp_path, [0, 100], state="cancelled", analysed=[100], seed=123456789)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/?variant={run.family.name}/{run.name}")
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#variant-state")).to_have_text("cancelled · 1 of 2 analysed")
    for link in ("Explore", "Compare", "Runs", "Jobs"):
        page.get_by_role("link", name=link, exact=True).click()
        page.wait_for_function(INSIDE, arg=".top-bar > *, .page-link")
        page.wait_for_function(UNCUT, arg="#variant-state")
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
