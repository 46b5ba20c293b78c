"""Pages of a real chromium. Whatever is asked of them is waited for, for as long as a busy machine may take."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.waiting import SECONDS

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MILLISECONDS = 1000 * SECONDS


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser of the system; a test that needs one is skipped where there is none."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is on the PATH; install Debian's package chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is in the extra dev")
    playwright.expect.set_options(timeout=MILLISECONDS)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=ARGUMENTS, timeout=MILLISECONDS)
        yield browser
        browser.close()


def expect(locator: Any) -> Any:
    """Playwright's assertions, which wait for what they assert."""
    from playwright.sync_api import expect

    return expect(locator)


_heard: list[list[str]] = []  # the complaints of each page of this test


def new_page(browser: Any, **options: Any) -> Any:
    """A page in a context of its own, made with `options`. `page.complaints` are the errors and warnings in its console."""
    context = browser.new_context(**options)
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.complaints = complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _heard.append(complaints)
    return page


@pytest.fixture(autouse=True)
def silent_consoles() -> Iterator[None]:
    """A test fails where a page of `new_page` has written an error or a warning to its console."""
    _heard.clear()
    yield
    complaints = [text for each in _heard for text in each]
    assert complaints == []
