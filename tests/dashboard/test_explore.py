"""The Explore page in a real browser: what is painted is what the artifact holds."""

from __future__ import annotations

import re

import pytest

from headlapse.dashboard.routes import variants
from tests.browsing import expect
from tests.dashboard.pictures import box_of, painted, point_at, wait_for_pictures, wait_for_title
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser


def test_newest_checkpoint_is_painted_as_the_renderer_would(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100, 250])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 250 · = attending to a")
    wait_for_pictures(page, painted(variant, 250, 2, 0))
    expect(page.locator("#variant-state")).to_have_text("analysed")
    expect(page.locator("#page-explore .epoch")).to_have_attribute("max", "250")
    expect(page).to_have_title("p7 · seed999 · dseed598 · epoch 250 · headlapse")
    page.locator("#link-jobs").click()
    expect(page).to_have_title("Jobs · headlapse")


def test_slider_moves_to_checkpoints_and_changes_picture_and_address(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100, 250])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 250 · = attending to a")
    page.locator("#page-explore .epoch").fill("120")
    wait_for_title(page, "Epoch 100 · = attending to a")
    wait_for_pictures(page, painted(variant, 100, 2, 0))
    page.wait_for_url("**epoch=100*")


def test_positions_change_picture_and_title(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.locator("#to").select_option("b")
    wait_for_title(page, "Epoch 100 · b attending to a")
    wait_for_pictures(page, painted(variant, 100, 1, 0))


def test_a_and_b_are_not_swapped_on_screen(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 0 · = attending to a")
    value = variant.artifacts.load_epoch("attention_patterns", 0)["patterns"][1, 2, 0, 2, 5]
    point_at(page, page.locator(".plot").nth(1), 2, 5, 7, f"a 2, b 5: {value:.6g}", head=1)


def test_single_head_and_back(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.locator(".plot").nth(2).click()
    page.locator(".single-head").wait_for()
    wait_for_pictures(page, painted(variant, 100, 2, 0)[2:3])
    page.get_by_role("button", name="all heads").click()
    expect(page.locator(".head")).to_have_count(4)


def test_without_artifacts_there_is_no_panel_but_advice(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100], analysed=[])
    page.goto(serve(tmp_path))
    expect(page.locator("#notice h2")).to_have_text("Not analysed yet")
    expect(page.locator("#notice code")).to_have_text(f"headlapse analyze {variant.name}")
    expect(page.locator(".head")).to_have_count(0)
    expect(page.locator("#stage")).to_be_hidden()


def test_nothing_trained_yet(page, serve, tmp_path):
    page.goto(serve(tmp_path / "missing"))
    expect(page.locator("#notice h2")).to_have_text("Nothing trained yet")
    expect(page.locator("#story button").first).to_be_hidden()
    expect(page.locator("#notice code")).to_have_text(re.compile("^headlapse train "))


@pytest.mark.parametrize("size", [(390, 664), (720, 450), (1440, 560)])
def test_picture_and_slider_are_on_one_screen_and_controls_fold(page, serve, tmp_path, size):
    variant = make_variant(tmp_path, [0, 100])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    seen = "s => [...document.querySelectorAll(s)].every((e) => e.getBoundingClientRect().bottom <= innerHeight)"
    page.wait_for_function(seen, arg="#heads .plot, #page-explore .epoch, #picture-title")
    expect(page.locator("#to")).to_be_hidden()
    fold = page.get_by_role("button", name="Controls")
    fold.click()
    page.locator("#from").select_option("b")
    wait_for_title(page, "Epoch 100 · = attending to b")
    wait_for_pictures(page, painted(variant, 100, 2, 1))
    page.keyboard.press("Escape")
    expect(page.locator("#from")).to_be_hidden()
    fold.click()
    page.locator("#picture-title").click()
    expect(page.locator("#from")).to_be_hidden()


def test_height_that_the_heads_do_not_need_goes_to_the_losses(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    gap = """() => document.querySelector('#heads .head').getBoundingClientRect().top
        - document.querySelector('#readout').getBoundingClientRect().bottom"""
    page.wait_for_function(f"() => ({gap})() < 24")
    width = box_of(page.locator("#heads .plot").first)["width"]
    page.set_viewport_size({"width": 1440, "height": 1300})
    page.wait_for_function("width => document.querySelector('#heads .plot').getBoundingClientRect().width > width", arg=width)


def test_a_pair_that_the_mask_fixes_says_so(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page.goto(f"{serve(tmp_path)}/?to=0&from=2")
    expect(page.locator("#readout em")).to_have_text("always 0")
    page.locator("#from").select_option("a")
    expect(page.locator("#readout em")).to_have_text("always 1")
    page.locator("#to").select_option("=")
    expect(page.locator("#readout em")).to_have_text("")


HISTOGRAM_IS_BESIDE = """() => {
  const boxOf = (selector) => document.querySelector(selector).getBoundingClientRect();
  const [heads, counts] = [boxOf('#heads'), boxOf('#color-bar .color-counts')];
  return counts.width > 0 && heads.right <= counts.left;
}"""
MARKS = [
    {"epoch": 100, "label": "Head 1 locks in, relative to epoch 200", "color": "#d55e00"},
    {"epoch": 0, "label": "test accuracy reaches 0.99", "color": "--soft"},
    {"epoch": 100, "label": "Head 0 locks in, relative to epoch 200", "color": "#0072b2"},
]


def test_marks_say_what_they_are_and_lead_to_their_epoch(page, serve, tmp_path, monkeypatch):
    """On a screen of 720x450, where picture and slider are on one screen."""
    monkeypatch.setattr(variants, "marks", lambda *_: MARKS)
    make_variant(tmp_path, [0, 100, 200])
    page.set_viewport_size({"width": 720, "height": 450})
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 200 · = attending to a")
    expect(page.locator("#page-explore .mark-legend span")).to_have_text(
        ["Head 0 locks in", "Head 1 locks in", "test accuracy reaches 0.99"]
    )
    for seen in ("#picture-title", "#heads .plot >> nth=0", "#page-explore .epoch"):
        expect(page.locator(seen)).to_be_in_viewport(ratio=1)
    page.wait_for_function(HISTOGRAM_IS_BESIDE)
    one, other = (page.get_by_role("button", name=f"Head {head} locks in, relative to epoch 200: epoch 100") for head in (0, 1))
    one.focus()
    assert "Head 0 locks in" in one.evaluate("mark => getComputedStyle(mark, '::after').content")
    places = sorted(mark.bounding_box()["x"] for mark in (one, other))
    assert places[1] - places[0] >= 9
    other.click()
    wait_for_title(page, "Epoch 100 · = attending to a")
    names = page.locator("#heads .head-name")
    lines = [names.nth(head).evaluate("name => getComputedStyle(name).textDecorationColor") for head in range(3)]
    assert lines == ["rgb(0, 114, 178)", "rgb(213, 94, 0)", "rgba(0, 0, 0, 0)"]
