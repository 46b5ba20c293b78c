"""What is on screen, taken along: as Python that draws it again, as its numbers, and as files of the part that is seen."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headlapse.export import export_compared
from headlapse.export.comparison import compared
from headlapse.export.images import NAME
from headlapse.export.layout import Box, Layout
from tests.browsing import expect, new_page
from tests.dashboard.pictures import ONE_STEP, wait_for_pictures, wait_for_title
from tests.dashboard.runs import make_variant, patterns

pytestmark = pytest.mark.browser

SHOWN = "epoch=100&to=1&from=0&head=3&zoom=1-4,2-6&color=epoch&origin=lower&scale=magma"
PART = patterns(7, 100)[3, 1, 0, 1:5, 2:7]


def save(page: Any, words: str) -> Any:
    with page.expect_download() as download:
        page.get_by_role("button", name=words).click()
    return download.value


def test_the_part_that_is_seen_is_taken_along(page, browser, serve, tmp_path, monkeypatch):
    variant = make_variant(tmp_path / "results", [0, 100])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{serve(tmp_path / 'results')}/?variant={variant.family_name}/{variant.name}&{SHOWN}")
    wait_for_title(page, "Epoch 100 · b attending to a")
    page.locator(".single-head canvas").first.wait_for()
    page.get_by_text("export", exact=True).click()

    image = save(page, "This epoch, PNG")
    assert image.suggested_filename.endswith("_panel-3_zoom-1-4-2-6.png")
    rows = list(csv.DictReader(io.StringIO(save(page, "Values of this epoch, CSV").path().read_text())))
    assert [np.float32(row["attention"]) for row in rows] == PART.reshape(-1).tolist()
    saved = np.load(save(page, "Values of this epoch, NPZ").path())
    np.testing.assert_array_equal(saved["values"], PART[None, None])
    assert np.load(save(page, "Values of all epochs, NPZ").path())["epochs"].tolist() == [0, 100]

    page.get_by_role("button", name="Copy as Python").click()
    expect(page.locator("#export-message")).to_have_text("copied")
    page.bring_to_front()
    text = page.evaluate("navigator.clipboard.readText()")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(text, "copied", "exec"), names)
    np.testing.assert_array_equal(names["arrays"]["values"], PART[None, None])
    np.testing.assert_array_equal(*(np.asarray(Image.open(path)) for path in (image.path(), image.suggested_filename)))
    assert "to_position=1, from_position=0" in Image.open(image.suggested_filename).text["Description"]

    offline = save(page, "Offline page").path().read_text()
    content = json.loads(offline.partition('id="content">')[2].partition("</script>")[0])
    assert content["region"] == {"rows": [1, 4], "columns": [2, 6]}
    (tmp_path / "offline.html").write_text(offline)
    alone = new_page(browser)
    alone.goto((tmp_path / "offline.html").as_uri())
    expect(alone.get_by_role("button", name="Show the whole grid").first).to_be_visible()
    alone.context.close()


def test_python_is_shown_where_it_cannot_be_copied(page, serve, tmp_path):
    make_variant(tmp_path, [0])
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 0 · = attending to a")
    page.get_by_text("export", exact=True).click()
    page.get_by_role("button", name="Copy as Python").click()
    shown = page.locator("#export-message textarea")
    shown.wait_for()
    assert shown.input_value().startswith("import headlapse\n")


def test_compared_runs_are_saved_as_they_are_shown(page, serve, tmp_path, monkeypatch):
    results, here = tmp_path / "results", tmp_path / "here"
    here.mkdir()
    runs = [make_variant(results, [0, 100], seed=1), make_variant(results, [0, 130], seed=2, prime=5)]
    one, other = (f"{run.family_name}/{run.name}" for run in runs)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{serve(results)}/compare?variant={one}&with={other},{one}@0&epoch=130&to=1&from=0&color=epoch")
    page.locator(".side .plot").nth(11).wait_for()
    page.get_by_text("export sides").click()
    image = save(page, "This epoch, PNG")
    assert image.suggested_filename == "compared_e130.png"
    sides = [*runs, runs[0].at(0)]
    choices = {"to": "1", "from": "0", "color": "epoch"}
    expected = export_compared(sides, tmp_path / "three.png", epochs=130, choices=choices)
    whole = np.asarray(Image.open(expected))
    np.testing.assert_array_equal(np.asarray(Image.open(image.path())), whole)
    with Image.open(save(page, "Time-lapse, WebP").path()) as moving:
        assert moving.n_frames > 1 and moving.width == whole.shape[1]
    rows = list(csv.DictReader(io.StringIO(save(page, "Values of this epoch, CSV").path().read_text())))
    assert {(row["variant"], row["epoch"]) for row in rows} == {(one, "100"), (other, "130"), (one, "0")}

    page.get_by_role("button", name="Copy as Python").click()
    expect(page.locator("#compare-export-message")).to_have_text("copied")
    page.bring_to_front()
    text = page.evaluate("navigator.clipboard.readText()")
    monkeypatch.chdir(here)
    exec(compile(text, "copied", "exec"), {})
    np.testing.assert_array_equal(np.asarray(Image.open(here / "compared_e130.png")), whole)


def test_what_is_drawn_of_compared_runs_is_what_the_page_shows(page, serve, tmp_path):
    """Every cell of the saved image has the colour of the canvas, on both sides and in their difference."""
    run = make_variant(tmp_path, [0, 100], seed=1)
    page.goto(f"{serve(tmp_path)}/compare?variant={run.family_name}/{run.name}&with={run.family_name}/{run.name}@0&epoch=100")
    layout = Layout.of(grids_at(run, 100), 1, False)
    page.locator(".side .plot").nth(11).wait_for()
    page.get_by_text("export sides").click()
    saved = np.asarray(Image.open(save(page, "This epoch, PNG").path()))[NAME:]
    for side in range(3):
        part = saved[:, side * layout.width :]
        cells = [cells_of(part, box, layout.cell) for box in layout.panels]
        wait_for_pictures(page, np.stack(cells), f".side:nth-of-type({side + 1})", ONE_STEP)


def grids_at(run: Any, epoch: int) -> Any:
    return compared([run, run], "attention_heads_grid", epoch).frames[0].picture(epoch)


def cells_of(image: np.ndarray, box: Box, cell: int) -> np.ndarray:
    """The colour in the middle of each cell of a panel."""
    part = image[box.top : box.bottom, box.left : box.right]
    return part[cell // 2 :: cell, cell // 2 :: cell]
