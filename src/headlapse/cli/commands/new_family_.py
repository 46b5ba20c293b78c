"""The command `headlapse new-family`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headlapse.cli.options import Families, registry, typed_path


def command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new family: lower-case letters, digits and _.")],
    source: Annotated[str, typer.Option("--from", metavar="FAMILY", help="Family to copy.")],
    into: Annotated[
        Path,
        typer.Option("--into", parser=typed_path, metavar="PATH", help="Folder of your families.", show_default="./families"),
    ] = Path("families"),
    families: Families = None,
) -> None:
    """Copy a family under a new name, as a folder with a family.json to edit."""
    from headlapse.workbench.new_family import new_family

    known = registry([*(families or ()), *([into] if into.is_dir() else [])])
    path = new_family(name, source, into, known)
    typer.echo(f"{path}: edit it, then run headlapse train {name} --families {into}")
