"""headlapse dashboard"""

from __future__ import annotations

from typing import Annotated

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Families, Results

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]
Open = Annotated[bool, typer.Option("--open", help="Open the page in a browser.")]


def command(
    results: Results = DEFAULT_RESULTS,
    port: Port = 8050,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None, typer.Option(help="Also answer to this Host, e.g. localhost:9000 of a tunnel; may be repeated.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="Password of the page; needed where --host can be reached from other machines.")
    ] = None,
    open_browser: Open = False,
    families: Families = None,
) -> None:
    """Scrub through training in a browser."""
    from headlapse.dashboard import serve

    folders = tuple(families or ())
    serve(results, host=host, port=port, families=folders, open_browser=open_browser, names=name or (), token=token)
