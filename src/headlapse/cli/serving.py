"""Serve the dashboard from the command line: say where it is, and find a port."""

from __future__ import annotations

import os
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
    """`given`; a variable that is set and empty counts as an empty password, which is refused, and not as none."""
    password = os.environ.get(VARIABLE) if given is None else given
    check_password(password)
    return password


Token = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLE,
        callback=_password,
        help="Password of the page; required if other machines can reach --host.",
    ),
]


def serve_announced(results: Path, port: int | None, **options: Any) -> None:
    """Serve until interrupted and print the address. Without a port of the user's choice a taken one is no obstacle."""
    from headlapse.dashboard import serve

    try:
        serve(results, port=USUAL_PORT if port is None else port, on_ready=_announce, **options)
    except InvalidValueError:
        if port is not None:
            raise
        serve(results, port=0, on_ready=_announce, **options)


def _announce(address: str) -> None:
    typer.echo(f"headlapse is at {address}  (Ctrl-C to stop)")
