"""Run the dashboard on a production WSGI server."""

from __future__ import annotations

import logging
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from headlapse.errors import InvalidValueError

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
) -> None:
    """Serve the results folder until interrupted. Port 0 takes a free one; `on_ready` is told the address.

    `names` are further Host headers to answer to, e.g. `localhost:9000` of a tunnel. Raises `InvalidValueError` for a `host`
    that other machines can reach unless there is a `token`, which a browser must then bring.
    """
    from waitress import create_server  # importing the package must stay cheap

    from headlapse.dashboard.app import create_app
    from headlapse.dashboard.security import Access

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits a moment
    app = create_app(Path(results), families, Access.checked(host, names, token))
    try:
        server = create_server(app.server, host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        problem = error.strerror or str(error)
        raise InvalidValueError(f"cannot listen on {host} port {port} ({problem}); choose another with --port") from error
    address = f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}/"
    try:
        if on_ready is not None:
            on_ready(address)
        if open_browser:
            webbrowser.open(address)
        server.run()
    finally:
        server.close()
