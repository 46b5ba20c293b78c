"""What scrolls sideways shows it: the edge beyond which there is more fades."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headlapse.results.notes import change_notes
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant
from tests.results.recorded_runs import recorded_run
from tests.waiting import until

pytestmark = pytest.mark.browser

FADES = """([selector, edges]) => {
  const { maskImage } = getComputedStyle(document.querySelector(selector));
  const [left, right] = [...maskImage.matchAll(/(\\d+)px/g)].map(([, pixels]) => Number(pixels) > 0);
  return JSON.stringify([left ?? false, right ?? false]) === JSON.stringify(edges);
}"""


IS_AT_THE_END = """() => {
  const { scrollLeft, clientWidth, scrollWidth } = document.querySelector('#run-list');
  return scrollLeft > 0 && scrollLeft + clientWidth >= scrollWidth - 1;
}"""
IS_ON_TOP = """(selector) => {
  const element = document.querySelector(selector), box = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
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
    page.wait_for_function(FADES, arg=["#run-list", [False, True]])
    page.mouse.wheel(9999, 0)
    page.wait_for_function(FADES, arg=["#run-list", [False, False]])


def scrolled_to_the_end(page: Any) -> bool:
    page.mouse.wheel(9999, 0)
    return bool(page.evaluate(IS_AT_THE_END))


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450), (1440, 900)])
def test_the_name_of_a_run_stays_in_view(page: Any, serve: Any, tmp_path: Path, width: int, height: int) -> None:
    for k in (1, 2):
        others = {"lr": k / 1234, "weight_decay": k / 3, "train_fraction": k / 4, "beta1": k / 7}
        variant = make_variant(tmp_path, [0, 100], seed=k, data_seed=k, **others)
        change_notes(variant.paths, {"label": "a_long_label_" * 7})
    recorded_run(tmp_path)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/runs")
    box = page.get_by_role("checkbox").first
    box.wait_for()
    page.locator("#run-list").hover()
    until(lambda: scrolled_to_the_end(page))
    assert page.evaluate(IS_ON_TOP, ".run-name") and page.evaluate(IS_ON_TOP, "#run-list thead .run .sort")
    heights = page.locator("#run-list tr[data-id]").evaluate_all(
        "rows => rows.map((row) => row.getBoundingClientRect().height)"
    )
    assert heights == [30] * 3, "what is not seen is counted as so high"
    names = page.locator(".run-name")
    widths = [names.first.bounding_box()["width"], page.locator("#run-list").bounding_box()["width"]]
    assert widths[0] < widths[1] / 2, "the columns have room beside it"
    box.check()
    expect(page.locator("#run-words")).to_contain_text("1 selected")
    names.first.click()
    wait_for_title(page, "Epoch 100 · = attending to a")


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
