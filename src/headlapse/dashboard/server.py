"""Run the dashboard on a production WSGI server."""

from __future__ import annotations

import logging
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headlapse import checks
from headlapse.errors import InvalidValueError

if TYPE_CHECKING:
    from dash import Dash

MAX_BODY_BYTES = 2**20  # the page's largest request has some kilobytes; a body is kept on disk before anything reads it
MAX_HEADER_BYTES = 2**16  # addresses of the page are short; other servers of this host may have set cookies
THREADS = 8  # reading and inflating artifacts releases the GIL; a page asks for a few batches at a time


def serve(
    results: str | Path = "results",
    host: str = "127.0.0.1",
    port: int = 8050,
    families: Sequence[str | Path] = (),
    open_browser: bool = False,
    on_ready: Callable[[str], None] | None = None,
    names: Sequence[str] = (),
    token: str | None = None,
    prefix: str = "",
) -> None:
    """Serve the results folder until interrupted.

    Port 0 takes a free port; `on_ready` is called with the address. `names` are further accepted Host headers, e.g.
    `localhost:9000` of a tunnel. Raises `InvalidValueError` for a `host` that other machines can reach unless there is a
    `token`, which a browser must then bring. `prefix` is the path under which a reverse proxy serves the page, e.g.
    `/user/ann/proxy/8050`; the proxy may keep it in its requests or strip it.
    """
    from headlapse.dashboard.app import create_app
    from headlapse.dashboard.security import Access

    access = Access.checked(host, names, token)
    port = checks.whole("port", port, most=65_535)
    checks.flag("open_browser", open_browser)
    checks.optional(checks.function, "on_ready", on_ready)
    app = create_app(results, families, access, prefix)
    server = listen(app, host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}{app.config.requests_pathname_prefix}"
    try:
        if on_ready is not None:
            on_ready(address)
        if open_browser:
            webbrowser.open(address)
        server.run()
    finally:
        server.close()


def listen(app: Dash, host: str, port: int) -> Any:
    """The server of `app`, which accepts connections as soon as it runs. Raises `InvalidValueError` if it cannot listen."""
    from headlapse.dashboard.connections import open_server  # importing the package must stay cheap
    from headlapse.dashboard.prefix import waitress_prefix

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns about every request that waits briefly
    options = {"threads": THREADS, "ident": None, "max_request_body_size": MAX_BODY_BYTES}
    prefix = waitress_prefix(app.config.requests_pathname_prefix)
    try:
        return open_server(app.server, host, port, max_request_header_size=MAX_HEADER_BYTES, url_prefix=prefix, **options)
    except OSError as error:
        problem = error.strerror or str(error)
        raise InvalidValueError(f"cannot listen on {host} port {port} ({problem}); choose another with --port") from error
    except ValueError as error:
        raise InvalidValueError(f"cannot listen on {host}: there is no such address; choose another with --host") from error
