"""Serve the dashboard from the command line: print its address, and find a port."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from headlapse.dashboard.password import VARIABLE, check_password
from headlapse.errors import InvalidValueError

USUAL_PORT = 8050
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port; 0 picks a free one.", show_default=f"{USUAL_PORT}, or a free one")
]
Open = Annotated[bool, typer.Option("--open", help="Open the page in a browser.")]


def _password(given: str | None) -> str | None:
    """`given`, or the value of the environment variable. An empty one is refused and does not count as absent."""
    password = os.environ.get(VARIABLE) if given is None else given
    check_password(password)
    return password


Token = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLE,
        callback=_password,
        help="Password of the page; required if other machines can reach it.",
    ),
]


def serve_announced(results: Path, port: int | None, *, begin: Callable[[], None] | None = None, **options: Any) -> None:
    """Print the address, call `begin` and serve until interrupted.

    If the user chose no port and the usual one is taken, use a free one.
    """
    from headlapse.dashboard import serve

    def announce(address: str) -> None:
        typer.echo(f"headlapse is at {address}  (Ctrl-C to stop)")
        if begin is not None:
            begin()

    try:
        serve(results, port=USUAL_PORT if port is None else port, on_ready=announce, **options)
    except InvalidValueError:
        if port is not None:
            raise
        serve(results, port=0, on_ready=announce, **options)
