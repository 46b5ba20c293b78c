"""The first picture needs our own script alone: that of Dash comes with the first job or figure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from headlapse.dashboard.app import create_app
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

SHOWN = "Epoch 100 · = attending to a"
OF_DASH = "/_dash-"
MOST_OF_OURS, MOST_OF_ALL = 100_000, 650_000  # bytes


@pytest.mark.browser
def test_dash_is_loaded_when_jobs_are_opened_and_explore_goes_on(page: Any, serve: Any, tmp_path: Path) -> None:
    make_variant(tmp_path, [0, 100])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = serve(tmp_path)
    for path, ready in (("/runs", ".run-name"), ("/compare", "#compare-notice h2"), ("/", "#heads canvas")):
        page.goto(address + path)
        page.locator(ready).first.wait_for()
    wait_for_title(page, SHOWN)
    page.get_by_role("button", name="note", exact=True).click()
    page.keyboard.type("even")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Epoch 100: even", exact=True).wait_for()
    assert [url for url in asked if OF_DASH in url] == []
    page.keyboard.press("Home")
    place = page.locator("#heads canvas").first.bounding_box()
    page.get_by_role("link", name="Jobs").click()
    page.get_by_label("modulus p", exact=True).wait_for()
    page.get_by_role("link", name="Explore").click()
    wait_for_title(page, "Epoch 0 · = attending to a")
    assert page.locator("#heads canvas").first.bounding_box() == place, "styles of Mantine move nothing"


@pytest.mark.browser
def test_the_theme_is_that_of_the_system_until_another_is_chosen(page: Any, serve: Any, tmp_path: Path) -> None:
    make_variant(tmp_path, [0, 100])
    page.emulate_media(color_scheme="dark")
    page.goto(serve(tmp_path))
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.get_by_label("Light or dark").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.goto(page.url.split("?")[0] + "jobs")
    page.get_by_label("modulus p", exact=True).wait_for()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")


def test_scripts_are_compressed_and_what_the_first_picture_needs_is_small(tmp_path: Path) -> None:
    client = create_app(tmp_path).server.test_client()
    sources = re.findall(r'<script src="([^"]+)"', client.get("/").text)
    answers = [client.get(source, headers={"Accept-Encoding": "gzip"}, buffered=True) for source in sources]
    assert {answer.headers["Content-Encoding"] for answer in answers if len(answer.data) > 1000} == {"gzip"}
    sizes = [len(answer.data) for answer in answers]
    assert sources[0].startswith("/assets/dashboard.js?") and sizes[0] < MOST_OF_OURS
    assert sum(sizes) < MOST_OF_ALL and len(sizes) > 5


def test_browsers_keep_the_program_for_good(tmp_path: Path) -> None:
    client = create_app(tmp_path).server.test_client()
    index = client.get("/").text
    for ending in ("dashboard.js", "dashboard.css"):
        start = index.index(f"/assets/{ending}?m=")
        kept = client.get(index[start : index.index('"', start)], buffered=True)
        assert kept.status_code == 200 and "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in client.get("/").headers.get("Cache-Control", "")
