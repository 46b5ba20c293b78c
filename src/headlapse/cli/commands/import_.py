"""The command `headlapse import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.errors import in_words
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, given_texts, parse_settings, registry, typed_path
from headlapse.errors import InvalidValueError, in_one_line

if TYPE_CHECKING:
    from headlapse.importing import Imported
    from headlapse.importing.discovery import Unit
    from headlapse.importing.options import Options

HUB = "hf:"
NOTES_OF_EVERY_IMPORT = 2  # heads and settings


def command(
    paths: Annotated[list[Path], typer.Argument(parser=typed_path, metavar="PATH", help="Weight files, or folders of them.")],
    family: Annotated[str, typer.Option(help="Family the models belong to.")] = "modulo_addition_1layer",
    epoch: Annotated[
        list[int] | None, typer.Option(help="Epoch of weights that do not state it; repeat for each file, in order.")
    ] = None,
    epochs_every: Annotated[
        int | None,
        typer.Option(min=1, help="Epochs between two states of a list without epochs; --epoch is that of the first."),
    ] = None,
    prime: Annotated[int | None, typer.Option(help="Modulus p; checked against the weights.")] = None,
    heads: Annotated[int | None, typer.Option(help="Number of heads, if it cannot be read off fused weights.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting that the files do not state; may be repeated."),
    ] = None,
    weights: Annotated[str | None, typer.Option(metavar="KEY", help="Key of the weights, if a file has several.")] = None,
    losses_every: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Epochs between two recorded losses, if unclear; 1/5: five per epoch; 0: no losses."
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the variant, or prefix of several.", show_default="imported_<file or folder>")
    ] = None,
    revisions: Annotated[
        str | None,
        typer.Option(help="Revisions of hf:ORG/MODEL, or of a folder of Hugging Face checkpoints: step0,step512,main=143000."),
    ] = None,
    probe: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Text for language models to read, or a file with one text per line.",
            show_default="repeated tokens",
        ),
    ] = None,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Import checkpoints from elsewhere. Detects format, layout and prefixes, and prints the accuracy over all inputs.

    A folder may contain one variant or several. hf:ORG/MODEL imports a published series by --revisions, hf:FOLDER a local one.
    Exit code 1: some could not be imported; the others were.
    """
    if any(str(path).startswith(HUB) for path in paths):
        raise typer.Exit(_import_series([str(path) for path in paths], revisions, probe, name, results))
    for option, value in (("--revisions", revisions), ("--probe", probe)):
        if value is not None:
            raise InvalidValueError(f"{option} is for a published series; name it as {HUB}ORG/MODEL or {HUB}FOLDER")
    chosen = registry(families).get(family)
    known = parse_settings(chosen, given_texts({}, settings))
    from headlapse.importing.options import Options, chosen_paths
    from headlapse.importing.variants import named_units

    options = Options.of(
        family=chosen,
        results=results,
        epoch=epoch,
        epochs_every=epochs_every,
        prime=prime,
        heads=heads,
        settings=known,
        weights=weights,
        losses_every=losses_every,
    )
    units = named_units(chosen_paths(paths), name, options)
    if len(units) == 1:
        imported = [_import(*units[0], options)]
        typer.echo(str(imported[0]))
    else:
        imported = _import_all(units, options)
        typer.echo(f"{len(imported):,} of {len(units):,} variants imported")
    if imported:
        names = [found.variant.name for found in imported]
        typer.echo(f"next: headlapse analyze {' '.join(names) if len(names) <= 4 else '--all'}")
    raise typer.Exit(0 if len(imported) == len(units) else 1)


def _import_series(paths: list[str], revisions: str | None, probe: str | None, name: str | None, results: Path) -> int:
    """Import one published series; the exit code."""
    from headlapse.cli.progress import epoch_progress
    from headlapse.recording.series import import_series

    if len(paths) != 1:
        raise InvalidValueError(f"name one series at a time, got {', '.join(paths)}")
    wanted = None if revisions is None else [part.strip() for part in revisions.split(",") if part.strip()]
    with epoch_progress(paths[0]) as progress:
        series = import_series(paths[0], wanted, probe=probe, name=name, results=results, progress=progress)
    typer.echo(str(series))
    return 0


def _import(unit: Unit, name: str, options: Options) -> Imported:
    from headlapse.cli.progress import epoch_progress
    from headlapse.importing.importer import import_unit

    with epoch_progress(name) as progress:
        return import_unit(unit, name, options, progress)


def _import_all(units: list[tuple[Unit, str]], options: Options) -> list[Imported]:
    """Import each variant and print a line; remarks and errors go to stderr, and a failure does not stop the others."""
    from headlapse.importing.variants import summary

    found = []
    for unit, name in units:
        try:
            imported = _import(unit, name, options)
        except Exception as error:  # noqa: BLE001 -- the boundary to the user
            typer.echo(f"{name}: error: {in_words(error)[0]}", err=True)
            continue
        found.append(imported)
        typer.echo(summary(imported))
        for note in imported.notes[NOTES_OF_EVERY_IMPORT:]:
            typer.echo(f"  {in_one_line(note)}", err=True)
    return found
