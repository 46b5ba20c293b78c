"""axe-core finds nothing on any page in any state, light or dark, wide or narrow, by mouse or by touch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headlapse.jobs import AnalyzeRequest, Job, JobQueue
from headlapse.results.scalars import write_scalar
from tests.browsing import expect, new_page
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant
from tests.waiting import eventually

pytestmark = pytest.mark.browser

SIZES: dict[str, dict[str, Any]] = {
    "1440x900": {"viewport": {"width": 1440, "height": 900}},
    "390x664": {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"},
    "720x450": {"viewport": {"width": 720, "height": 450}},
}
BOTH = ("1440x900",)  # where every state is looked at in light and dark
JOB_STATES = ("queued", "running", "finished", "failed", "cancelled")


@pytest.fixture
def axe() -> Any:
    found = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is in the extra dev")
    return found.Axe()


def prepare(results: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three runs, one of which groks, and a job in each state."""
    for seed in (1, 2, 3):
        variant = make_variant(results, [0, 100], seed=seed)
    write_scalar(variant.paths, "train_accuracy", {0: 0.1, 100: 1.0})
    write_scalar(variant.paths, "test_accuracy", {0: 0.1, 100: 1.0})
    request = AnalyzeRequest(variant.family.name, variant.name, dict(variant.settings), [])
    status = {"epoch": 5, "epochs": 10, "updated": 0.0, "error": "it failed"}
    jobs = [Job(str(place), request, state, status) for place, state in enumerate(JOB_STATES)]
    monkeypatch.setattr(JobQueue, "jobs", lambda _queue: jobs)
    monkeypatch.setattr(JobQueue, "log", lambda _queue, name: f"what job {name} said")
    return f"{variant.family.name}/{variant.name}"


def states(page: Any, address: str, run: str) -> Iterator[str]:
    """Lead the page from state to state; each is waited for."""
    for state in (on_explore, in_dialogs, on_compare, on_runs, on_jobs):
        yield from state(page, address, run)


def on_explore(page: Any, address: str, run: str) -> Iterator[str]:
    page.goto(f"{address}/?variant={run}")
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#story-words")).to_contain_text("grokked")
    yield "story line"
    page.get_by_role("combobox", name="Variant").click()
    page.locator(".variant-list [role=option]").first.wait_for()
    yield "variant picker"
    page.keyboard.press("Escape")
    fold = page.locator("#page-explore .fold")
    if fold.is_visible():
        fold.click()
        expect(page.locator("#from")).to_be_visible()
        yield "folded controls"
        page.keyboard.press("Escape")
    page.locator("#page-explore [data-action=note]").click()
    expect(page.get_by_label("Note on epoch 100")).to_be_focused()
    yield "note form"
    page.keyboard.type("even")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Epoch 100: even", exact=True).wait_for()
    yield "note"
    for query, ready in (
        ("head=1&beside=profiles&zoom=1-4,2-5", "#heads canvas"),
        ("view=attention_entropy_grid&epochs=log", "#heads .plot"),
        ("view=tails&epoch=90", "#remark:not([hidden])"),
    ):
        page.goto(f"{address}/?variant={run}&{query}")
        page.locator(ready).first.wait_for()
        yield query


def in_dialogs(page: Any, _address: str, _run: str) -> Iterator[str]:
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.locator("#help")).to_be_visible()
    yield "keys"
    page.get_by_role("button", name="how to read the pictures").click()
    page.locator("#guide img").first.wait_for()
    yield "help panel"


def on_compare(page: Any, address: str, run: str) -> Iterator[str]:
    page.goto(f"{address}/compare?variant={run}")
    page.locator("#compare-notice h2").wait_for()
    yield "nothing to compare"
    page.goto(f"{address}/compare?variant={run}&with={run}@0")
    expect(page.locator("#sides .side:not([hidden])")).to_have_count(3)
    page.locator("#page-compare .mark-legend", has_text="pinned").wait_for()
    yield "pins"


def on_runs(page: Any, address: str, _run: str) -> Iterator[str]:
    page.goto(f"{address}/runs")
    rows = page.locator("#run-list tr[data-id]")
    expect(rows).to_have_count(3)
    page.locator("#run-plot circle").first.wait_for()
    for place in (0, 1):
        rows.nth(place).get_by_role("checkbox").check()
    page.get_by_role("button", name="tags", exact=True).click()
    expect(page.get_by_label("Tags, separated by commas")).to_be_focused()
    yield "selected rows, tags and plots"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="delete", exact=True).click()
    expect(rows).to_have_count(1)
    yield "moved to the trash"
    page.get_by_role("button", name="trash", exact=True).click()
    expect(page.locator("#trash tbody tr")).to_have_count(2)
    yield "trash"
    for left in (1, 0):
        page.locator("#trash tbody tr button").first.click()
        expect(page.locator("#trash tbody tr")).to_have_count(left)
    page.goto(f"{address}/runs?wall=on")
    expect(page.locator(".tile-words")).to_have_count(3)
    page.locator(".tile canvas").first.wait_for()
    yield "wall"


def on_jobs(page: Any, address: str, _run: str) -> Iterator[str]:
    page.goto(f"{address}/jobs")
    page.get_by_label("modulus p", exact=True).wait_for()
    expect(page.locator(".job")).to_have_count(len(JOB_STATES))
    page.locator(".job summary").first.click()
    expect(page.locator(".job pre").first).to_contain_text("what job")
    yield "job cards"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_found_in_any_state(
    browser: Any, serve: Any, tmp_path: Path, axe: Any, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepare(tmp_path, monkeypatch)
    page = new_page(browser, **SIZES[size])
    for state in states(page, serve(tmp_path), run):
        for scheme in ("dark", "light") if size in BOTH else (None,):
            if scheme is not None:
                page.emulate_media(color_scheme=scheme)
            eventually(lambda state=state: check(axe.run(page), state))  # colours fade in
    page.context.close()


def test_empty_page_has_no_finding(page: Any, serve: Any, tmp_path: Path, axe: Any) -> None:
    page.goto(serve(tmp_path))
    page.locator("#notice h2").wait_for()
    eventually(lambda: check(axe.run(page)))


def check(found: Any, state: str = "") -> None:
    assert (state, [_words(violation) for violation in found.response["violations"]]) == (state, [])


def _words(violation: Any) -> str:
    places = "; ".join(str(node["target"]) + node["html"][:200] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']}: {places}"
