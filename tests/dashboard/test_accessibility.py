"""axe-core finds nothing serious on any page, light or dark, wide or narrow."""

from __future__ import annotations

import pytest

from tests.dashboard.runs import make_variant
from tests.waiting import eventually

pytestmark = pytest.mark.browser

SERIOUS = ("serious", "critical")
READY = {
    "/": ".head canvas",
    "/?head=1": ".single-head canvas",
    "/?view=attention_entropy_grid": "#heads .plot",
    "/compare": "#compare-notice h2",
    "/runs": "#run-plot circle, .run-name",
    "/jobs": ".job-fields input",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", READY)
def test_no_serious_finding(page, serve, tmp_path, address, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is in the extra dev")
    make_variant(tmp_path, [0, 100])
    page.emulate_media(color_scheme=scheme)
    page.goto(serve(tmp_path) + address)
    page.locator(READY[address]).first.wait_for()
    eventually(lambda: check(axe.Axe().run(page)))  # colours fade in


def test_empty_page_has_no_serious_finding(page, serve, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is in the extra dev")
    page.goto(serve(tmp_path))
    page.locator("#notice h2").wait_for()
    eventually(lambda: check(axe.Axe().run(page)))


def check(found) -> None:
    violations = [_words(violation) for violation in found.response["violations"] if violation["impact"] in SERIOUS]
    assert violations == []


def _words(violation) -> str:
    places = "; ".join(str(node["target"]) + node["html"][:200] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']}: {places}"
