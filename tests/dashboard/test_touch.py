"""With a finger: a drag chooses a part of the grid, a double tap shows the whole grid, and many heads scroll both ways."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browsing import expect, new_page
from tests.dashboard.pictures import box_of, wait_for_title
from tests.dashboard.runs import make_variant
from tests.waiting import eventually

pytestmark = pytest.mark.browser

P, STEPS = 7, 6


def cell(page: Any, row: int, column: int) -> dict[str, float]:
    """The middle of a cell of the first head."""
    box = box_of(page.locator("#heads .plot").first)
    return {"x": box["x"] + box["width"] * (column + 0.5) / P, "y": box["y"] + box["height"] * (row + 0.5) / P}


def drag(page: Any, start: dict[str, float], end: dict[str, float]) -> None:
    """Move a finger from `start` to `end`."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", start)
    for step in range(1, STEPS + 1):
        send("touchMove", {axis: start[axis] + (end[axis] - start[axis]) * step / STEPS for axis in "xy"})
    send("touchEnd")


def show_all(page: Any) -> None:
    """Tap twice; on a busy machine the taps may come too slowly for a double tap."""
    middle = cell(page, 3, 3)
    for _ in range(2):
        page.touchscreen.tap(middle["x"], middle["y"])
    assert "zoom" not in page.evaluate("location.search")


def test_a_drag_zooms_and_a_double_tap_resets(browser: Any, serve: Any, tmp_path: Any) -> None:
    variant = make_variant(tmp_path, [0, 100])
    page = new_page(browser, viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True)
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    value = variant.patterns(100)[0, 2, 0, 4, 5]
    for start, end in (((1, 2), (4, 5)), ((4, 2), (1, 5))):  # down and up
        drag(page, cell(page, *start), cell(page, *end))
        page.wait_for_url(re.compile("zoom=1-4,2-5"))
        if start == (1, 2):
            expect(page.locator("#heads .head-value").first).to_have_text(re.compile(rf"^a 4, b 5: {value:.3g}"[:-1]))
        eventually(lambda: show_all(page))
    page.context.close()


def test_heads_beyond_the_right_edge_are_dragged_into_view(browser: Any, serve: Any, tmp_path: Any) -> None:
    make_variant(tmp_path, [0, 100])
    page = new_page(browser, viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True)
    page.goto(f"{serve(tmp_path)}/?view=attention_pairs")
    wait_for_title(page, "Epoch 100 · every position attending to every position")
    first_row = page.locator("#heads .plot").nth(0), page.locator("#heads .plot").nth(8)
    expect(first_row[0]).to_be_in_viewport(ratio=1)
    expect(first_row[1]).not_to_be_in_viewport(ratio=1)
    box = box_of(page.locator("#heads .plot").nth(4))
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    drag(page, middle, {**middle, "x": middle["x"] - 150})
    expect(first_row[1]).to_be_in_viewport(ratio=1)
    assert "zoom" not in page.evaluate("location.search")
    page.context.close()
