"""What scrolls sideways shows it: the edge beyond which there is more fades."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser

FADES = """([selector, edges]) => {
  const { maskImage } = getComputedStyle(document.querySelector(selector));
  const [left, right] = [...maskImage.matchAll(/(\\d+)px/g)].map(([, pixels]) => Number(pixels) > 0);
  return JSON.stringify([left ?? false, right ?? false]) === JSON.stringify(edges);
}"""


def test_a_table_of_runs_fades_where_it_goes_on(page: Any, serve: Any, tmp_path: Path) -> None:
    for seed in (1, 2):
        make_variant(tmp_path, [0, 100], seed=seed)
    page.set_viewport_size({"width": 390, "height": 664})
    page.goto(f"{serve(tmp_path)}/runs")
    page.get_by_role("checkbox").first.wait_for()
    page.wait_for_function(FADES, arg=["#run-list", [False, True]])
    page.locator("#run-list").hover()
    page.mouse.wheel(10, 0)
    page.wait_for_function(FADES, arg=["#run-list", [True, True]])
    page.mouse.wheel(9999, 0)
    page.wait_for_function(FADES, arg=["#run-list", [True, False]])


def test_pictures_of_sides_fade_where_they_go_on(page: Any, serve: Any, tmp_path: Path) -> None:
    runs = [make_variant(tmp_path, [0, 100], seed=seed) for seed in (1, 2, 3, 4)]
    first, *others = (f"{run.family.name}/{run.name}" for run in runs)
    page.goto(f"{serve(tmp_path)}/compare?variant={first}&with={','.join(others)}&view=attention_pairs")
    expect(page.locator(".side p").first).to_contain_text("Epoch 100")
    page.wait_for_function(FADES, arg=[".side .heads", [False, True]])


def test_what_fits_does_not_fade(page: Any, serve: Any, tmp_path: Path) -> None:
    make_variant(tmp_path, [0, 100])
    page.goto(serve(tmp_path))
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.wait_for_function(FADES, arg=["#heads", [False, False]])
