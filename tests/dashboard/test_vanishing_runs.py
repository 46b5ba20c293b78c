"""A run that vanishes while a page shows it, and comes back as it was: nothing of it stays on the screen meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from headlapse.workbench import Variant
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser
SIDES = ".side:not([hidden])"
PARTS = ("#heads", "#readout", "#story-words", "#page-explore .loss", "#page-explore .transport")


@contextmanager
def away(run: Variant, elsewhere: Path) -> Iterator[None]:
    folder = run.paths.root
    shutil.move(folder, elsewhere)
    yield
    shutil.move(elsewhere, folder)


def test_a_run_that_vanishes_is_shown_again_when_it_is_back(page: Any, serve: Any, tmp_path: Path) -> None:
    results = tmp_path / "results"
    run = make_variant(results, [0, 100, 200])
    make_variant(results, [0], seed=1)
    page.goto(f"{serve(results)}/?variant={run.family.name}/{run.name}&epoch=100")
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#variant-state")).to_have_text("analysed")
    parts = [page.locator(part) for part in PARTS]
    with away(run, tmp_path / "elsewhere"):
        expect(page.locator("#page-explore .notice")).to_contain_text("there is no variant")
        for part in parts:
            expect(part).to_be_hidden()
        expect(page.locator("#variant-state")).to_have_text("")
    expect(page.locator("#page-explore .notice")).to_be_hidden()
    for part in parts:
        expect(part).to_be_visible()
    wait_for_title(page, "Epoch 100 · = attending to a")
    page.keyboard.press("ArrowRight")
    wait_for_title(page, "Epoch 200 · = attending to a")


def test_a_side_whose_run_vanishes_has_no_picture_until_it_is_back(page: Any, serve: Any, tmp_path: Path) -> None:
    results = tmp_path / "results"
    first, second, third = (make_variant(results, [0, 100 * seed], seed=seed) for seed in (1, 2, 3))
    ids = [f"{run.family.name}/{run.name}" for run in (first, second, third)]
    page.goto(f"{serve(results)}/compare?variant={ids[0]}&with={ids[1]},{ids[2]}")
    sides = page.locator(SIDES)
    expect(sides.locator(".plot")).to_have_count(12)
    expect(page.locator("#page-compare .epoch")).to_have_value("300")
    with away(third, tmp_path / "elsewhere"):
        expect(sides.nth(2).locator("p")).to_contain_text("there is no variant")
        expect(sides.nth(2).locator(".plot")).to_have_count(0)
        expect(sides.locator(".plot")).to_have_count(8)
        expect(page.locator("#page-compare .epoch")).to_have_value("200")
        expect(sides.nth(1).locator("p")).to_contain_text("Epoch 200")
        expect(sides).to_have_count(3)  # no difference: three were asked for
    expect(sides.nth(2).locator("p")).to_contain_text("Epoch 300")
    expect(sides.locator(".plot")).to_have_count(12)
    page.keyboard.press("Home")
    for side in range(3):
        expect(sides.nth(side).locator("p")).to_contain_text("Epoch 0 ·")
