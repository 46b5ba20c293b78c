"""headlapse import"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, registry


def command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files of weights, or folders of them.")],
    family: Annotated[str, typer.Option(help="Family the models belong to.")] = "modulo_addition_1layer",
    epoch: Annotated[int | None, typer.Option(help="Epoch of a single state that does not say it.")] = None,
    prime: Annotated[int | None, typer.Option(help="Modulus p, to be checked against the weights.")] = None,
    heads: Annotated[int | None, typer.Option(help="Number of heads, where fused weights do not show it.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the variant.", show_default="imported_<file>")] = None,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Import other people's checkpoints as a variant. Layouts are recognised; accuracy over all inputs is printed."""
    chosen = registry(families).get(family)
    from headlapse.importing import import_checkpoints

    imported = import_checkpoints(paths, family=chosen, epoch=epoch, prime=prime, heads=heads, name=name, results=results)
    typer.echo(str(imported))
    typer.echo(f"next: headlapse analyze {imported.variant.name}")
