"""Every key of the sheet does what the sheet says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant


@pytest.mark.browser
def test_keys_for_heads_views_and_pins_are_in_the_sheet_and_act(page: Any, serve: Any, tmp_path: Path) -> None:
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.keyboard.press("?")
    sheet = page.locator("#help")
    listed = "".join(sheet.locator("kbd").all_text_contents())
    assert listed == "←→HomeEndSpace1…9H[]VShift VP?"
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"head=0\b"))
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"head=1\b"))
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(page).not_to_have_url(re.compile("head="))
    page.keyboard.press("v")
    expect(page.locator("#view")).not_to_have_value("attention_heads_grid")
    page.keyboard.press("Shift+V")
    expect(page.locator("#view")).to_have_value("attention_heads_grid")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(r"/compare\?"))
