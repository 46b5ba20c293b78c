"""The command `headlapse dashboard`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Families, Results
from headlapse.cli.serving import Open, Port, Token, serve_announced


def command(
    results: Results = DEFAULT_RESULTS,
    port: Port = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(help="Accept this host name, too, e.g. localhost:9000 of a tunnel; may be repeated."),
    ] = None,
    token: Token = None,
    prefix: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="Path under which a reverse proxy serves the page, e.g. /user/ann/proxy/8050."
            " The proxy may keep it in its requests or strip it.",
            show_default=False,
        ),
    ] = "",
    open_browser: Open = False,
    families: Families = None,
) -> None:
    """Scrub through training in a browser."""
    folders = tuple(families or ())
    options: dict[str, Any] = {
        "host": host,
        "families": folders,
        "open_browser": open_browser,
        "names": name or (),
        "token": token,
        "prefix": prefix,
    }
    if not results.exists() and not results.is_symlink():
        typer.echo(f"note: {results} does not exist; the page is empty until a run is in it", err=True)
    serve_announced(results, port, **options)
