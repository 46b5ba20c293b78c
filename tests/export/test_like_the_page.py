"""The offline page and the notebook widget have what the picture of the dashboard has, and by the same keys."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import headlapse
from headlapse.export import export_view
from headlapse.visualization.run_marks import marks
from headlapse.visualization.scalar_curves import curves
from headlapse.workbench import Variant
from tests.browsing import expect, new_page
from tests.dashboard.pictures import painted, wait_for_pictures
from tests.notebook.host import host

pytestmark = pytest.mark.browser
SIZE = {"width": 1200, "height": 900}


def look_and_press(page: Any, trained: Variant) -> None:
    """What both have, beginning with the newest epoch, all heads, = attending to a."""
    names = [scalar["name"].replace("_", " ") for scalar in curves(trained)]
    shown = page.locator(".scalar-legend button")
    expect(shown).to_have_text([re.compile(f"^{name}") for name in names])
    assert names
    shown.first.click()
    expect(shown.first).to_have_attribute("aria-pressed", "false")
    told = marks(trained)
    expect(page.locator(".chart-marks .mark")).to_have_count(len(told))
    expect(page.locator(".mark-legend span").first).to_be_visible()
    colors = [one["color"] for one in told if one["label"].startswith("Head 0 ")]
    line = page.locator(".head-name").first.evaluate("name => getComputedStyle(name).textDecorationColor")
    assert line == "rgb({}, {}, {})".format(*bytes.fromhex(colors[0][1:]))
    for key, large in {"]": 0, "[": None, "h": 0, "H": None}.items():
        page.keyboard.press(key)
        page.locator(".head-grid" if large is None else ".single-head").wait_for()
    page.locator(".key-sheet summary").click()
    listed = "".join(page.locator(".key-sheet kbd").all_text_contents())
    assert listed == "←→HomeEndSpace1…9H[]"
    page.locator(".key-sheet summary").click()


def range_of_the_run(trained: Variant, to: int, from_: int) -> tuple[float, float]:
    values = np.stack([trained.patterns(epoch)[:, to, from_] for epoch in trained.epochs])
    return float(values.min()), float(values.max())


def test_the_offline_page_has_them(browser: Any, trained: Variant, tmp_path: Any) -> None:
    path = export_view(trained, tmp_path / "heads.html")
    page = new_page(browser, offline=True, viewport=SIZE)
    page.goto(path.resolve().as_uri())
    expect(page.locator("#picture-title")).to_have_text("Epoch 60 · = attending to a")
    look_and_press(page, trained)
    page.keyboard.press("2")
    expect(page.locator("#picture-title")).to_have_text("Epoch 60 · = attending to b")
    expect(page.locator("#from")).to_have_value("1")
    page.locator("#color").select_option("run")
    low, high = range_of_the_run(trained, 2, 1)
    for end, value in {"low": low, "high": high}.items():
        said = page.locator(f".color-{end}")
        expect(said).not_to_have_text("0" if end == "low" else "1")
        assert abs(float(said.text_content()) - value) < (high - low) / 200
    page.context.close()


def test_the_widget_has_them_and_asks_the_kernel_for_the_range_of_the_run(browser: Any, trained: Variant) -> None:
    widget = headlapse.scrub(trained)
    page = new_page(browser, viewport=SIZE)
    host(page, widget)
    expect(page.locator(".picture-title")).to_have_text("Epoch 60 · = attending to a")
    page.locator(".headlapse-scrub").focus()
    look_and_press(page, trained)
    page.locator(".headlapse-scrub").focus()
    page.keyboard.press("2")
    expect(page.get_by_label("Attended to", exact=True)).to_have_value("1")
    page.get_by_label("Colour range", exact=True).select_option("run")
    widget.choices = page.evaluate("window.asked").pop()[1]
    assert widget.choices == {"from": "1", "color": "run"}
    low, high = range_of_the_run(trained, 2, 1)
    assert widget.range == [low, high]
    told = {name: getattr(widget, name) for name in ("setting", "range")}
    page.evaluate("([told, frame]) => { Object.assign(window.state, told); window.answer(frame); }", [told, list(widget.frame)])
    wait_for_pictures(page, painted(trained, 60, 2, 1, color_range=(low, high)))
    expect(page.locator(".color-high")).to_have_text(f"{high:.3g}")
    page.context.close()
