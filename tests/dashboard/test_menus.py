"""The export menu is whole on any window, in front of everything, and goes away as menus do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import expect
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser

SIZES = [(1440, 900), (1366, 700), (720, 450), (390, 664)]
REACHED = """items => items.map((item) => {
    item.scrollIntoView({ block: "nearest" });
    const { left, right, top, bottom } = item.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return item === hit && left >= 0 && right <= innerWidth;
})"""


def open_menu(page: Any, address: str, results: Path, width: int, height: int, view: str) -> Any:
    variant = make_variant(results, [0, 100])
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/?variant={variant.family_name}/{variant.name}&view={view}")
    page.locator("#heads .plot").first.wait_for()
    fold = page.locator("#page-explore .fold")
    if fold.is_visible():
        fold.click()
    page.get_by_text("export", exact=True).click()
    return page.locator("#page-explore .menu-item")


@pytest.mark.parametrize("view", ["attention_heads_grid", "attention_positions"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_item_can_be_reached(page: Any, serve: Any, tmp_path: Path, width: int, height: int, view: str) -> None:
    items = open_menu(page, serve(tmp_path), tmp_path, width, height, view)
    expect(items.first).to_be_visible()
    assert items.evaluate_all(REACHED) == [True] * items.count()


def test_escape_and_a_press_elsewhere_close_it(page: Any, serve: Any, tmp_path: Path) -> None:
    items = open_menu(page, serve(tmp_path), tmp_path, 1440, 900, "attention_heads_grid")
    items.first.focus()
    page.keyboard.press("Escape")
    expect(items.first).to_be_hidden()
    expect(page.get_by_text("export", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(items.first).to_be_visible()
    page.mouse.click(4, 450)
    expect(items.first).to_be_hidden()


def test_losses_are_never_cut_in_a_low_window(page: Any, serve: Any, tmp_path: Path) -> None:
    variant = make_variant(tmp_path, [0, 100])
    page.set_viewport_size({"width": 720, "height": 450})
    page.goto(f"{serve(tmp_path)}/?variant={variant.family_name}/{variant.name}&view=attention_pairs")
    title = page.locator("#page-explore .picture-title")
    expect(title).to_have_text("Epoch 100 · every position attending to every position")
    line = page.locator("#page-explore .readout")
    assert line.evaluate("line => line.scrollWidth <= line.clientWidth")
    expect(title).to_have_attribute("title", title.text_content())
