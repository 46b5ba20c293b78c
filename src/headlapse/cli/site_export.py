"""The options of `headlapse export --site`, as given on the command line."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headlapse.cli.options import pairs_by_name
from headlapse.errors import InvalidValueError

if TYPE_CHECKING:
    from headlapse.dashboard.site.plan import Wanted
    from headlapse.results.run import Run

VIEW = "attention_heads_grid"
MB = 10**6


def one(name: str, given: Sequence[str] | None) -> str | None:
    """The given value. Raises `InvalidValueError` for several, which only a site takes."""
    if given is not None and len(given) > 1:
        raise InvalidValueError(f"one {name} is drawn at a time, got {len(given)}; --site DIR takes several")
    return given[0] if given else None


def check_without(options: Mapping[str, object]) -> None:
    """Raises `InvalidValueError` for an option that a site does not have."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise InvalidValueError(f"a site has all heads and epochs, so --site goes without {' and '.join(given)}; see --frames")


def wanted(
    views: Sequence[str] | None, pairs: Sequence[str] | None, others: Sequence[str] | None, frames: int | None, exact: bool
) -> Wanted:
    """The content of the site."""
    from headlapse.dashboard.site.plan import Wanted

    chosen = pairs_by_name("--set", others)
    choices = [{**chosen, "pair": pair} for pair in pairs or ()] or [chosen]
    return Wanted(tuple(views or (VIEW,)), choices, frames, exact)


def write(folder: Path, runs: Sequence[Run], asked: Wanted, limit: float) -> None:
    """Write the site of these runs, and print a line for each."""
    from headlapse.dashboard.site import export_site

    def say(done: int, count: int, name: str) -> None:
        typer.echo(f"{done} of {count}: {name}", err=True)

    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always", UserWarning)
        page = export_site(runs, folder, asked, round(limit * MB), say)
    for remark in remarks:
        typer.echo(f"note: {remark.message}", err=True)
    typer.echo(str(page))
    typer.echo(f"to look at it here: python -m http.server --directory {shlex.quote(str(folder))}", err=True)
