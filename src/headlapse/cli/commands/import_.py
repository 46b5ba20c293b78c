"""headlapse import"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.errors import in_words
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, given_texts, parse_settings, registry
from headlapse.errors import InvalidValueError, in_one_line

if TYPE_CHECKING:
    from headlapse.importing import Outcome


def command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files of weights, or folders of them.")],
    family: Annotated[str, typer.Option(help="Family the models belong to.")] = "modulo_addition_1layer",
    epoch: Annotated[
        list[int] | None, typer.Option(help="Epoch of a state that does not say it; once for each state, in their order.")
    ] = None,
    prime: Annotated[int | None, typer.Option(help="Modulus p, to be checked against the weights.")] = None,
    heads: Annotated[int | None, typer.Option(help="Number of heads, where fused weights do not show it.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting the files do not state; may be repeated.")
    ] = None,
    weights: Annotated[str | None, typer.Option(help="Key of the weights, where a file holds several.")] = None,
    losses_every: Annotated[
        str | None, typer.Option(help="Epochs between two losses, where it is not clear; 1/5: five per epoch; 0: no losses.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the variant; of several, the beginning.", show_default="imported_<file>")
    ] = None,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Import other people's checkpoints. Formats, layouts and prefixes are recognised; accuracy over all inputs is printed.

    A folder may hold one variant or many. Exit code 1: one could not be imported; the others were.
    """
    if name == "":
        raise InvalidValueError("--name must not be empty; leave it out for a name made of the file's")
    chosen = registry(families).get(family)
    known = parse_settings(chosen, given_texts({}, settings))
    from headlapse.cli.progress import epoch_progress
    from headlapse.importing import import_variants
    from headlapse.importing.discovery import find_units
    from headlapse.importing.importer import options_of

    options = options_of(chosen, epoch, {"prime": prime, "n_heads": heads}, known, weights, losses_every, results)
    is_single = len(find_units(paths)) == 1
    outcomes = []
    with epoch_progress("import") as progress:
        for outcome in import_variants(paths, options, name, lambda done, total, _: progress(done, total, done)):
            _say(outcome, is_single)
            outcomes.append(outcome)
    imported = [outcome.name for outcome in outcomes if outcome.imported is not None]
    if imported:
        typer.echo(f"next: headlapse analyze {' '.join(imported) if len(imported) <= 4 else '--all'}")
    if not is_single:
        typer.echo(f"{len(imported):,} of {len(outcomes):,} variants imported")
    raise typer.Exit(0 if len(imported) == len(outcomes) else 1)


def _say(outcome: Outcome, is_single: bool) -> None:
    """All that is known of a single variant; of each of several one line, and remarks apart."""
    if outcome.error is not None:
        if is_single:
            raise outcome.error
        typer.echo(f"{outcome.name}: error: {in_words(outcome.error)[0]}", err=True)
    elif outcome.imported is not None and is_single:
        typer.echo(str(outcome.imported))
    elif outcome.imported is not None:
        typer.echo(str(outcome))
        for note in outcome.imported.notes[2:]:
            typer.echo(f"  {in_one_line(note)}", err=True)
