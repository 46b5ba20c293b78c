"""Two to four variants side by side, at the same epoch or at the same distance from grokking."""

from __future__ import annotations

import numpy as np
import pytest

from headlapse.results.variant import Variant
from headlapse.visualization.colors import color_scale
from tests.dashboard.runs import add_artifact, land, make_variant, patterns, write_losses
from tests.dashboard.test_explore import READ_PIXELS

pytestmark = pytest.mark.browser

EPOCHS = [0, 100, 200, 300, 400]


def side_pixels(page, side: int, p: int = 7) -> np.ndarray:
    """uint8 `(heads, p, p, 3)` of one of the sides."""
    script = READ_PIXELS.replace("document.", f"document.querySelectorAll('.side')[{side}].")
    return np.array(page.evaluate(script), dtype=np.uint8).reshape(-1, p, p, 4)[..., :3]


def wait_for_words(page, *words: str) -> None:
    """Until each side says so."""
    script = "words => words.every((word, i) => document.querySelectorAll('.side p')[i]?.textContent.startsWith(word))"
    page.wait_for_function(script, arg=list(words))
    page.wait_for_timeout(500)


def grok(variant: Variant, at: int) -> Variant:
    """Give the run losses that cross 0.1 around `at`."""
    write_losses(variant, 400, grok_at=at)
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
    fixed = color_scale(first)
    difference = color_scale(first, (-1, 1), midpoint=0.0)
    assert np.abs(side_pixels(page, 0).astype(int) - fixed.paint(first)).max() <= 6  # one step of the scale: uint16 frames
    assert np.abs(side_pixels(page, 1).astype(int) - fixed.paint(second)).max() <= 6
    assert np.abs(side_pixels(page, 2).astype(int) - difference.paint(second - first)).max() <= 6


def test_slider_and_pair_move_every_side(page, serve, tmp_path):
    one, other = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    page.goto(serve(tmp_path) + address(one, other))
    wait_for_words(page, "Epoch 400", "Epoch 400")
    page.keyboard.press("ArrowLeft")
    wait_for_words(page, "Epoch 300", "Epoch 300")
    page.keyboard.press("2")
    page.wait_for_url("**pair=**")
    page.wait_for_function("() => document.getElementById('compare-pair').value === '= attending to b'")


def test_aligned_at_grokking_each_run_keeps_its_own_epochs(page, serve, tmp_path):
    late, early = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    never = make_variant(tmp_path, EPOCHS, weight_decay=0.0)
    grok(late, 300), grok(early, 100), grok(never, 10**6)
    page.goto(serve(tmp_path) + address(late, early, never, epoch=300, align="grokking"))
    wait_for_words(page, "Epoch 300", "Epoch 100", "Epoch 300")
    assert page.locator(".side p").nth(2).inner_text().endswith("does not grok")


def test_variants_of_different_primes_compare_without_difference(page, serve, tmp_path):
    small, large = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, prime=11)
    page.goto(serve(tmp_path) + address(small, large))
    wait_for_words(page, "Epoch 400", "Epoch 400")
    assert side_pixels(page, 0).shape == (4, 7, 7, 3)
    assert side_pixels(page, 1, p=11).shape == (4, 11, 11, 3)
    assert not page.locator(".side").nth(2).is_visible()


def test_selection_survives_between_pages_and_grows(page, serve, tmp_path):
    make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    page.goto(serve(tmp_path))
    page.locator("#page-explore .epoch").fill("200")
    page.get_by_role("link", name="Compare").click()
    assert page.locator("#compare-notice h2").inner_text() == "Compare variants"
    page.locator("#compared").click()
    page.get_by_role("option", name="seed999").click()
    wait_for_words(page, "Epoch 200", "Epoch 200")
    page.get_by_role("link", name="Explore").click()
    page.wait_for_function("() => document.getElementById('picture-title').textContent.startsWith('Epoch 200')")
    page.go_back()
    wait_for_words(page, "Epoch 200", "Epoch 200")


def test_a_variant_that_cannot_be_used_says_so_beside_the_other(page, serve, tmp_path):
    good, bad = make_variant(tmp_path, EPOCHS), make_variant(tmp_path, EPOCHS, seed=1)
    bad.paths.config.write_text("{")
    page.goto(serve(tmp_path) + address(good, bad))
    page.locator(".side").nth(1).locator("p", has_text="config.json").wait_for()
    assert side_pixels(page, 0).any()
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
        losses = page.locator(".page:not([hidden]) .loss")
        pictures = page.locator(".page:not([hidden]) .heads:visible", has=page.locator(".axis-x .tick"))
        pictures.nth(count - 1).wait_for()
        bottoms = [pictures.nth(i).locator(".axis-x").last.bounding_box() for i in range(pictures.count())]
        assert bottoms and max(box["y"] + box["height"] for box in bottoms) <= losses.bounding_box()["y"] + 1


def test_the_last_variant_cannot_be_taken_away(page, serve, tmp_path):
    one = make_variant(tmp_path, EPOCHS)
    page.goto(serve(tmp_path) + address(one))
    wait_for_words(page, "Epoch 400")
    page.locator("#compared").press("Backspace")
    page.wait_for_timeout(500)
    assert "seed999" in page.locator(".compared").inner_text()


def test_new_checkpoints_reach_the_comparison(page, serve, tmp_path):
    one, other = make_variant(tmp_path, [0]), make_variant(tmp_path, [0], seed=1)
    page.goto(serve(tmp_path) + address(one, other))
    wait_for_words(page, "Epoch 0", "Epoch 0")
    for variant in (one, other):
        land(variant, 100)
    wait_for_words(page, "Epoch 100", "Epoch 100")
