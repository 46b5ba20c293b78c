"""A real chromium on a real server; each test has its own page, and a page that complains fails its test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import new_page


@pytest.fixture
def page(browser: Any, serve: Callable[..., str]) -> Iterator[Any]:
    """A page of 1440x900 whose console stays silent and which asks no other machine for anything; closed before its server."""
    page = new_page(browser, viewport={"width": 1440, "height": 900})
    page.on("request", lambda request: _note_foreign(request.url, page.complaints))
    yield page
    page.context.close()


def _note_foreign(url: str, complaints: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        complaints.append(f"the page asked for {url}")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """`serve(results)` starts a server on a free port and returns its address."""
    from headlapse.dashboard.app import create_app
    from headlapse.dashboard.server import listen

    servers: list[Any] = []
    closing = threading.Event()

    def run(server: Any) -> None:
        try:
            server.run()
        except OSError:  # waitress is stopped by closing what it waits for, which a browser may hold open
            if not closing.is_set():
                raise

    def start(results: Path, **options: Any) -> str:
        server = listen(create_app(results, **options), "127.0.0.1", 0)
        threading.Thread(target=run, args=[server], daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    closing.set()
    for server in servers:
        server.task_dispatcher.shutdown()  # a thread that answers yet would write to what is closed
        server.close()
