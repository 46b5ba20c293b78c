"""The export menu saves what is on screen, under a name that says what it is."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(page, serve, tmp_path):
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.get_by_text("export", exact=True).click()
    return page


def save(page, words: str):
    with page.expect_download() as download:
        page.get_by_role("button", name=words).click()
    return download.value


def test_still_image_of_the_shown_epoch_and_pair(opened):
    opened.keyboard.press("Home")
    opened.keyboard.press("2")
    wait_for_title(opened, "Epoch 0 · = attending to b")
    file = save(opened, "This epoch, PNG")
    assert file.suggested_filename == "p7_s999_heads_e0_from-1.png"
    assert Image.open(io.BytesIO(file.path().read_bytes())).format == "PNG"
    opened.locator("#export-message", has_text=file.suggested_filename).wait_for()


@pytest.mark.parametrize("view", ["attention_heads_grid", "attention_entropy_grid", "attention_positions"])
def test_what_is_shown_is_saved(opened, view):
    opened.goto(f"{opened.url.split('?')[0]}?view={view}&scale=magma&head=2")
    opened.locator(".single-head").wait_for()
    opened.get_by_text("export", exact=True).click()
    with opened.expect_request(lambda request: "/export/" in request.url) as asked:
        save(opened, "This epoch, PNG")
    query = parse_qs(urlsplit(asked.value.url).query)
    assert (query["view"], query["panel"], query["scale"], query["epoch"]) == ([view], ["2"], ["magma"], ["100"])


def test_time_lapse_has_a_frame_per_checkpoint(opened):
    file = save(opened, "Time-lapse, GIF")
    assert Image.open(io.BytesIO(file.path().read_bytes())).n_frames == 2


def test_the_range_of_the_run_reaches_the_file_and_survives_a_reload(opened):
    opened.goto(opened.url + "&color=run")
    wait_for_title(opened, "Epoch 100 · = attending to a")
    expect(opened.locator("#color")).to_have_value("run")
    opened.get_by_text("export", exact=True).click()
    with opened.expect_request(lambda request: "/export/" in request.url) as asked:
        save(opened, "This epoch, PNG")
    low, high = (float(bound) for bound in parse_qs(urlsplit(asked.value.url).query)["color"][0].split(".."))
    assert 0 <= low < high <= 1 and (low, high) != (0, 1)
