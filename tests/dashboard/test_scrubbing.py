"""Moving through training by keys, buttons, the loss curve and the address."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browsing import expect, new_page
from tests.dashboard.pictures import painted, wait_for_pictures, wait_for_title
from tests.dashboard.runs import add_artifact, land, make_variant
from tests.waiting import eventually

pytestmark = pytest.mark.browser

EPOCHS = list(range(0, 2100, 100))


NOTE_ICONS = """() => {
  const button = document.querySelector('[data-action=play]');
  window.icons = [button.dataset.icon];
  new MutationObserver(() => button.dataset.icon !== icons.at(-1) && icons.push(button.dataset.icon))
    .observe(button, { attributeFilter: ['data-icon'] });
}"""


def title(epoch: int, pair: str = "= attending to a") -> str:
    return f"Epoch {epoch:,} · {pair}"


@pytest.fixture
def opened(page, serve, tmp_path):
    make_variant(tmp_path, EPOCHS)
    page.goto(serve(tmp_path))
    wait_for_title(page, title(2000))
    return page


def test_keys_move_by_checkpoints(opened):
    for key, epoch in {
        "ArrowLeft": 1900,
        "Shift+ArrowLeft": 900,
        "ArrowRight": 1000,
        "Home": 0,
        "Shift+ArrowRight": 1000,
        "End": 2000,
    }.items():
        opened.keyboard.press(key)
        wait_for_title(opened, title(epoch))


def test_digits_choose_the_pair_and_h_the_head(opened):
    opened.keyboard.press("2")
    wait_for_title(opened, title(2000, "= attending to b"))
    opened.keyboard.press("h")
    opened.locator(".single-head").wait_for()
    opened.keyboard.press("h")
    opened.locator(".head-grid").wait_for()


def test_space_plays_to_the_end_and_stops(opened):
    opened.keyboard.press("Home")
    wait_for_title(opened, title(0))
    opened.evaluate(NOTE_ICONS)
    opened.keyboard.press("Space")
    wait_for_title(opened, title(2000))
    opened.wait_for_function("() => document.querySelector('[data-action=play]').dataset.icon === 'play'")
    assert opened.evaluate("icons") == ["play", "pause", "play"]


def test_playing_backwards_with_loop_starts_over(opened):
    opened.locator("#page-explore [data-action=loop]").click()
    opened.locator("#page-explore .epoch").fill("200")
    opened.locator("#page-explore [data-action=back]").click()
    opened.wait_for_function("() => Number(document.querySelector('.epoch').value) > 1000")


def test_question_mark_lists_the_keys(opened):
    opened.keyboard.press("?")
    expect(opened.locator("#help")).to_be_visible()
    opened.keyboard.press("Escape")
    expect(opened.locator("#help")).to_be_hidden()


def test_loss_curve_leads_to_the_epoch_under_the_pointer_and_the_thumb_follows(opened):
    box = opened.locator("#page-explore .loss").bounding_box()
    thumb = opened.locator("#page-explore .epoch").bounding_box()
    left, right = thumb["x"] + 8, thumb["x"] + thumb["width"] - 8
    opened.mouse.move(left + (right - left) * 0.25, box["y"] + 40)
    opened.mouse.down()
    wait_for_title(opened, title(500))
    opened.mouse.move(left + (right - left) * 0.75, box["y"] + 40, steps=5)
    opened.mouse.up()
    wait_for_title(opened, title(1500))

    def check() -> None:
        marker = opened.locator("#page-explore .loss-marker").bounding_box()
        assert marker["x"] + marker["width"] / 2 == pytest.approx(left + (right - left) * 0.75, abs=1.5)

    eventually(check)


def test_reload_back_and_a_pasted_link_restore_the_view(opened, browser):
    opened.locator("#page-explore .epoch").fill("700")
    wait_for_title(opened, title(700))
    opened.keyboard.press("2")
    wait_for_title(opened, title(700, "= attending to b"))
    opened.keyboard.press("h")
    opened.locator(".single-head").wait_for()
    opened.reload()
    wait_for_title(opened, title(700, "= attending to b"))
    opened.locator(".single-head").wait_for()
    opened.go_back()
    opened.locator(".head-grid").wait_for()
    opened.go_back()
    wait_for_title(opened, title(700))
    opened.go_forward()
    wait_for_title(opened, title(700, "= attending to b"))
    other = new_page(browser)
    other.goto(opened.url)
    wait_for_title(other, title(700, "= attending to b"))
    other.context.close()


@pytest.mark.parametrize(
    ("address", "look"),
    [
        ("color=epoch", {"color_range": "epoch"}),
        ("color=around-0", {"midpoint": 0.0}),
        ("color=around-1/3", {"midpoint": 1 / 3}),
        ("scale=magma", {"scale": "magma"}),
        ("scale=puor&color=around-1/3", {"midpoint": 1 / 3, "scale": "puor"}),
    ],
)
def test_colours_are_those_of_the_renderer(page, serve, tmp_path, address, look):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(f"{serve(tmp_path)}/?{address}")
    wait_for_title(page, title(100))
    wait_for_pictures(page, painted(variant, 100, 2, 0, **look), tolerance=1)


def test_lower_origin_turns_the_picture_over(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0])
    page.goto(f"{serve(tmp_path)}/?origin=lower")
    wait_for_title(page, title(0))
    wait_for_pictures(page, painted(variant, 0, 2, 0)[:, ::-1])


def test_new_checkpoints_appear_by_themselves(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, title(100))
    land(variant, 200)
    wait_for_title(page, title(200))
    page.keyboard.press("Home")
    wait_for_title(page, title(0))
    land(variant, 300)
    expect(page.locator("#page-explore .epoch")).to_have_attribute("max", "300")
    wait_for_title(page, title(0))


def test_replaced_artifact_is_painted_anew(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0])
    page.goto(serve(tmp_path))
    wait_for_title(page, title(0))
    add_artifact(variant, 0, {"patterns": np.full((4, 3, 3, 7, 7), 0.75, dtype=np.float32)})
    wait_for_pictures(page, painted(variant, 0, 2, 0))


def test_corrupt_epoch_says_so_and_hides_no_other(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    variant.artifacts.paths.file("attention_patterns", 0).write_bytes(b"PK not a zip")
    page.goto(serve(tmp_path))
    wait_for_title(page, title(100))
    page.keyboard.press("Home")
    expect(page.locator("#readout em")).to_contain_text("headlapse analyze")


def test_damaged_losses_are_named_and_hide_no_picture(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    content = bytearray(variant.paths.losses.read_bytes())
    content[24 * 50] ^= 1
    variant.paths.losses.write_bytes(content)
    page.goto(serve(tmp_path))
    wait_for_title(page, title(100))
    expect(page.locator("#readout em")).to_contain_text("losses")
    wait_for_pictures(page, painted(variant, 100, 2, 0))


def test_damaged_config_is_explained(page, serve, tmp_path):
    variant = make_variant(tmp_path, [0, 100])
    variant.paths.config.write_text("{")
    page.goto(f"{serve(tmp_path)}/?variant={variant.family.name}/{variant.name}")
    page.locator("#notice", has_text="config.json").wait_for()
