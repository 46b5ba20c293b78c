"""Replaced heads in Compare, in a notebook, on an offline page and in a static site: words and cells of the shown epoch."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline
from headlapse.dashboard.site import export_site
from headlapse.dashboard.site.plan import Wanted
from headlapse.export import export_view
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.records import write_config
from headlapse.visualization.colors import color_scale
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.browsing import expect, new_page
from tests.dashboard.pictures import wait_for_pictures

VIEW = ViewRegistry.get("replaced_heads")
CHOICES = {"replaced": "1,3", "kind": "mean"}
CHANGE = re.compile(r"Head 1, Head 3 replaced by its mean over inputs: accuracy [0-9.]+ to [0-9.]+ %, loss \S+ to \S+")


def drawn(run: Variant, epoch: int) -> Grids:
    arguments = VIEW.arguments(CHOICES, run.labels)
    picture: Grids = VIEW.draw(VIEW.arrays_of(run, epoch, arguments), epoch, run.labels, **arguments)
    return picture


def pixels(run: Variant, epoch: int) -> np.ndarray:
    values = drawn(run, epoch).values
    return color_scale(values, (0, 1)).paint(values)


@pytest.fixture(scope="module")
def subjects(trained: Variant) -> dict[int, str]:
    """What is said at each epoch; no two say the same."""
    said = {epoch: drawn(trained, epoch).subject for epoch in trained.epochs}
    assert len(set(said.values())) == 4 and all(map(CHANGE.fullmatch, said.values()))
    return said


@pytest.fixture
def other(trained_copy: Variant) -> Variant:
    """A second run beside the copy of the first one, with the weights of its earlier epochs."""
    found = Variant(trained_copy.family, {**trained_copy.settings, "seed": 1}, trained_copy.results)
    write_config(found, {}, {})
    for epoch in (40, 60):
        write_checkpoint(found.paths.checkpoint(epoch), trained_copy.checkpoint(epoch - 20).weights, found.identity(epoch))
    AnalysisPipeline(found).run()
    return found


@pytest.mark.browser
def test_compare_shows_each_run_with_its_own_heads_replaced(page, serve, trained_copy: Variant, other: Variant) -> None:
    one, two = (f"{run.family_name}/{run.name}" for run in (trained_copy, other))
    chosen = "&".join(f"{name}={value}" for name, value in CHOICES.items())
    page.goto(f"{serve(trained_copy.results)}/compare?variant={one}&with={two}&view={VIEW.name}&{chosen}&epoch=60")
    for epoch in (60, 40):
        page.locator("#page-compare .epoch").fill(str(epoch))
        for place, run in enumerate((trained_copy, other), start=1):
            wait_for_pictures(page, pixels(run, epoch), f".side:nth-of-type({place})")
    assert not np.array_equal(pixels(trained_copy, 40), pixels(other, 40))


@pytest.mark.browser
def test_an_offline_page_says_what_changes_at_each_epoch(browser, trained: Variant, tmp_path: Path, subjects) -> None:
    path = export_view(trained, tmp_path / "replaced.html", view=VIEW.name, choices=CHOICES)
    page = new_page(browser, viewport={"width": 1440, "height": 900}, offline=True)
    page.goto(path.as_uri())
    for epoch in (60, 20, 40):
        page.locator(".epoch").fill(str(epoch))
        expect(page.locator("#picture-title")).to_have_text(f"Epoch {epoch} · {subjects[epoch]}")
        wait_for_pictures(page, pixels(trained, epoch))
    page.context.close()


def test_a_site_has_the_words_of_each_epoch(trained: Variant, tmp_path: Path, subjects) -> None:
    export_site([trained], tmp_path / "site", Wanted(views=[VIEW.name, "attention_heads_grid"], choices=[CHOICES]))
    (frames,) = (tmp_path / "site").glob("data/*/*/frames.json")
    views = json.loads(frames.read_text())
    assert views[VIEW.name][0]["subjects"] == list(subjects.values())
    assert views["attention_heads_grid"][0]["subjects"] == [], "all epochs say the same"


def test_a_notebook_shows_them(trained: Variant, subjects) -> None:
    widget = headlapse.scrub(trained, view=VIEW.name)
    for index, epoch in enumerate(trained.epochs):
        widget.choices, widget.index = CHOICES, index
        assert widget.problem == "" and widget.setting["subject"] == subjects[epoch]
        np.testing.assert_array_equal(
            np.frombuffer(widget.frame[8:], np.float32).reshape(2, 7, 7), drawn(trained, epoch).values.astype(np.float32)
        )
