"""Two to four variants side by side, at the same epoch or at the same distance from grokking."""

from __future__ import annotations

import re

import pytest

from headlapse.results.scalars import write_scalar
from headlapse.visualization.colors import color_scale
from headlapse.workbench import Variant
from tests.browsing import expect
from tests.dashboard.pictures import ONE_STEP, painted, wait_for_pictures, wait_for_title
from tests.dashboard.runs import add_artifact, land, make_variant, patterns, write_losses
from tests.waiting import eventually

pytestmark = pytest.mark.browser

EPOCHS = [0, 100, 200, 300, 400]
FIRST, SECOND, DIFFERENCE = (f".side:nth-of-type({number})" for number in (1, 2, 3))


def wait_for_words(page, *words: str) -> None:
    """Until each side says so."""
    script = "words => words.every((word, i) => document.querySelectorAll('.side p')[i]?.textContent.startsWith(word))"
    page.wait_for_function(script, arg=list(words))


def grok(variant: Variant, at: int) -> Variant:
    """Give the run a test accuracy that is above 0.99 from `at` on."""
    write_losses(variant, 400, grok_at=at)
    write_scalar(variant.paths, "test_accuracy", {epoch: 0.995 if epoch >= at else 0.5 for epoch in EPOCHS})
    return variant


def make_other_patterns(variant: Variant) -> None:
    for epoch in EPOCHS:
        add_artifact(variant, epoch, {"patterns": patterns(7, epoch + 1000)})


def address(*variants: Variant, **state: object) -> str:
    ids = [f"{variant.family.name}/{variant.name}" for variant in variants]
    query = "&".join(f"{key}={value}" for key, value in {"variant": ids[0], "with": ",".join(ids[1:]), **state}.items())
    return f"/compare?{query}"


def test_two_variants_and_their_difference(page, serve, tmp_path):
    one = make_variant(tmp_path, EPOCHS)
    other = make_variant(tmp_path, EPOCHS, weight_decay=0.0)
    make_other_patterns(other)
    page.goto(serve(tmp_path) + address(one, other, epoch=200))
    wait_for_words(page, "Epoch 200", "Epoch 200")
    first, second = (v.artifacts.load_epoch("attention_patterns", 200)["patterns"][:, 2, 0] for v in (one, other))
    difference = color_scale(first, (-1, 1), midpoint=0.0).paint(second - first)
    wait_for_pictures(page, painted(one, 200, 2, 0), FIRST, ONE_STEP)
    wait_for_pictures(page, painted(other, 200, 2, 0), SECOND, ONE_STEP)
    wait_for_pictures(page, difference, DIFFERENCE, ONE_STEP)


def test_slider_and_pair_move_every_side(page, serve, tmp_path):
    one, other = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    page.goto(serve(tmp_path) + address(one, other))
    wait_for_words(page, "Epoch 400", "Epoch 400")
    page.keyboard.press("ArrowLeft")
    wait_for_words(page, "Epoch 300", "Epoch 300")
    page.keyboard.press("2")
    page.wait_for_url("**from=1**")
    expect(page.locator("#compare-from")).to_have_value("1")
    wait_for_pictures(page, painted(other, 300, 2, 1), SECOND, ONE_STEP)


def test_aligned_at_grokking_each_run_keeps_its_own_epochs(page, serve, tmp_path):
    late, early = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    never = make_variant(tmp_path, EPOCHS, weight_decay=0.0)
    grok(late, 300), grok(early, 100), grok(never, 10**6)
    page.goto(serve(tmp_path) + address(late, early, never, epoch=300, align="grokking"))
    wait_for_words(page, "Epoch 300", "Epoch 100", "Epoch 300")
    expect(page.locator(".side p").nth(2)).to_have_text(re.compile("has not grokked by epoch 400, not shifted$"))


def test_variants_of_different_primes_compare_without_difference(page, serve, tmp_path):
    small, large = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, prime=11)
    page.goto(serve(tmp_path) + address(small, large))
    wait_for_words(page, "Epoch 400", "Epoch 400")
    wait_for_pictures(page, painted(small, 400, 2, 0), FIRST, ONE_STEP)
    wait_for_pictures(page, painted(large, 400, 2, 0), SECOND, ONE_STEP)
    expect(page.locator(".side").nth(2)).to_be_hidden()


def test_selection_survives_between_pages_and_grows(page, serve, tmp_path):
    make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 400 · = attending to a")
    page.locator("#page-explore .epoch").fill("200")
    wait_for_title(page, "Epoch 200 · = attending to a")
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("#compare-notice h2")).to_have_text("Compare variants")
    page.locator("#compared").click()
    page.get_by_role("option", name="seed999").click()
    wait_for_words(page, "Epoch 200", "Epoch 200")
    page.get_by_role("link", name="Explore").click()
    wait_for_title(page, "Epoch 200 · = attending to a")
    page.go_back()
    wait_for_words(page, "Epoch 200", "Epoch 200")


def test_a_variant_that_cannot_be_used_says_so_beside_the_other(page, serve, tmp_path):
    good, bad = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    bad.paths.config.write_text("{")
    page.goto(serve(tmp_path) + address(good, bad))
    page.locator(".side").nth(1).locator("p", has_text="config.json").wait_for()
    wait_for_pictures(page, painted(good, 400, 2, 0), FIRST, ONE_STEP)
    page.reload()
    page.goto(page.url.replace(good.name, bad.name, 1))
    page.locator(".side").nth(0).locator("p", has_text="config.json").wait_for()
    page.complaints.clear()  # chromium reports each request that was refused


@pytest.mark.parametrize("height", [900, 700, 560])
def test_pictures_never_cover_the_losses(page, serve, tmp_path, height):
    one, other = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    page.set_viewport_size({"width": 1024, "height": height})
    server = serve(tmp_path)
    for shown, count in ((f"/?variant={one.family.name}/{one.name}", 1), (address(one), 1), (address(one, other), 3)):
        page.goto(server + shown)
        pictures = page.locator(".page:not([hidden]) .heads:visible:not(.waiting)", has=page.locator(".axis-x .tick"))
        expect(pictures).to_have_count(count)
        eventually(lambda pictures=pictures: check_that_losses_begin_below(page, pictures))


def check_that_losses_begin_below(page, pictures) -> None:
    bottoms = [pictures.nth(i).locator(".axis-x").last.bounding_box() for i in range(pictures.count())]
    losses = page.locator(".page:not([hidden]) .loss").bounding_box()
    assert None not in (losses, *bottoms)
    assert max(box["y"] + box["height"] for box in bottoms) <= losses["y"] + 1


def test_the_last_variant_cannot_be_taken_away(page, serve, tmp_path):
    one = make_variant(tmp_path, EPOCHS)
    page.goto(serve(tmp_path) + address(one))
    wait_for_words(page, "Epoch 400")
    page.locator("#compared").press("Backspace")
    page.locator("#page-compare .epoch").press("ArrowLeft")
    wait_for_words(page, "Epoch 300")
    expect(page.locator(".compared")).to_contain_text("seed999")


def test_new_checkpoints_reach_the_comparison(page, serve, tmp_path):
    one, other = make_variant(tmp_path, [0]), make_variant(tmp_path, [0], seed=1)
    page.goto(serve(tmp_path) + address(one, other))
    wait_for_words(page, "Epoch 0", "Epoch 0")
    for variant in (one, other):
        land(variant, 100)
    wait_for_words(page, "Epoch 100", "Epoch 100")


def test_the_keyboard_stays_where_a_variant_is_taken_away(page, serve, tmp_path):
    runs = [make_variant(tmp_path, [0, 100], seed=seed) for seed in (1, 2, 3, 4)]
    page.goto(serve(tmp_path) + address(*runs))
    removing = page.get_by_role("button", name="Remove p7")
    expect(removing).to_have_count(4)
    for left in (3, 2):
        removing.nth(1).focus()
        page.keyboard.press("Enter")
        expect(removing).to_have_count(left)
        expect(removing.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Add a variant to compare")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450), (1440, 900)])
def test_four_long_names_stand_in_two_rows(page, serve, tmp_path, width, height):
    settings = {"data_seed": 59800, "train_fraction": 0.4567, "weight_decay": 0.1234, "lr": 0.00123, "beta1": 0.87}
    runs = [make_variant(tmp_path, [0], seed=seed, **settings) for seed in (1001, 1002, 1003, 1004)]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(serve(tmp_path) + address(*runs))
    wait_for_words(page, *["Epoch 0"] * 4)
    chips = page.locator(".chip")
    expect(chips).to_have_count(4)
    boxes = [chip.bounding_box() for chip in chips.all()]
    assert len({round(box["y"]) for box in boxes}) == 2
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    colors = "selector => [...document.querySelectorAll(selector)].map((e) => getComputedStyle(e, '::before').backgroundColor)"
    assert page.evaluate(colors, ".chip") == page.evaluate(colors, ".side:not([hidden]) h2:not(.plain)")
    chips.nth(1).click()
    expect(chips).to_have_count(3)
    assert "1002" not in page.evaluate("location.search")
