"""Under the path of a reverse proxy the page works as at the root, and asks for nothing outside of that path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headlapse.dashboard.app import create_app
from headlapse.dashboard.prefix import check_prefix
from headlapse.dashboard.security import Access
from headlapse.errors import InvalidValueError
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.proxy import proxied
from tests.dashboard.runs import make_variant
from tests.dashboard.test_jobs_page import fill

PREFIX = "/user/ann%40lab/proxy/8050"
SHOWN = "Epoch 100 · = attending to a"


@pytest.mark.browser
@pytest.mark.parametrize("strips", [False, True], ids=["kept", "stripped"])
def test_pages_data_and_cookies_stay_below_the_prefix(page: Any, serve: Any, tmp_path: Path, strips: bool) -> None:
    variant = make_variant(tmp_path, [0, 100])

    def start(name: str) -> str:
        return str(serve(tmp_path, prefix=PREFIX, access=Access((name,), "letmein")))

    with proxied(PREFIX, strips, start) as (address, asked):
        page.goto(f"{address}{PREFIX}?token=letmein")
        wait_for_title(page, SHOWN)
        place = f"{address}{PREFIX}/?variant={variant.family.name}/{variant.name}"
        page.wait_for_url(lambda shown: shown.startswith(place))
        assert [cookie["path"] for cookie in page.context.cookies()] == [f"{PREFIX}/"]
        page.click("#link-runs")
        expect(page.locator(".run-name")).to_have_count(1)
        expect(page.locator("a[download='runs.csv']")).to_have_attribute("href", "./data/runs.csv")
        assert page.request.get(page.evaluate("document.querySelector('a[download]').href")).status == 200
        page.goto(f"{address}{PREFIX}/jobs")
        fill(page, prime="113.5")
        page.get_by_role("button", name="Start training").click()
        expect(page.locator("#job-message")).to_contain_text("Not started: ")
        page.click("#link-compare")
        expect(page.locator("#compare-notice")).to_contain_text("Compare variants")
        page.reload()
        expect(page.locator("#compare-notice")).to_contain_text("Compare variants")
        page.click(".brand")
        wait_for_title(page, SHOWN)
        assert {path for path in asked if not path.startswith(PREFIX)} == set()


@pytest.mark.parametrize("prefix", ["heads", "//a", "/a//b", "/a/../b", "/.", "/a b", "/a?b", '/"', "/a\n", 3])
def test_what_is_no_path_is_refused(prefix: Any) -> None:
    with pytest.raises(InvalidValueError, match="--prefix must be a path such as /headlapse"):
        check_prefix(prefix)


def test_slashes_at_the_end_do_not_matter() -> None:
    assert [check_prefix(prefix) for prefix in ("", "/", "/a/", "/a/b-c.d")] == ["", "", "/a", "/a/b-c.d"]


@pytest.mark.parametrize("prefix", ["/data", "/runs/x", "/_dash-layout", "/export", "/jobs"])
def test_a_prefix_that_looks_like_a_page_is_refused(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(InvalidValueError, match="begins like an address of the page itself"):
        create_app(tmp_path, prefix=prefix)
