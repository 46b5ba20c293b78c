"""The command `headlapse export`."""

from __future__ import annotations

import warnings
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from headlapse.cli import site_export
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, given_texts, listing, runs_named, typed_path
from headlapse.errors import InvalidValueError


def command(
    variants: Annotated[
        list[str],
        typer.Argument(metavar="VARIANT", help="Variant, by name or folder; two to four to compare, several for a site."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            parser=typed_path,
            metavar="PATH",
            help="File to write: .png .svg .pdf .csv (one epoch), .gif .webp .mp4 .html .npz (all epochs).",
        ),
    ] = None,
    site: Annotated[
        Path | None, typer.Option(parser=typed_path, metavar="DIR", help="Folder for a static site of all variants named.")
    ] = None,
    view: Annotated[
        list[str] | None, typer.Option(help="View to draw; several for a site.", show_default="attention_heads_grid")
    ] = None,
    epoch: Annotated[int | None, typer.Option(help="Only this epoch.")] = None,
    from_: Annotated[int | None, typer.Option("--from", help="First epoch of a time-lapse.")] = None,
    to: Annotated[int | None, typer.Option("--to", help="Last epoch of a time-lapse.")] = None,
    frames: Annotated[int | None, typer.Option(help="Maximum number of frames, evenly spread.")] = None,
    pair: Annotated[
        list[str] | None, typer.Option(metavar="TO:FROM", help="Position pair, e.g. 2:0 or =:a; several for a site.")
    ] = None,
    head: Annotated[str | None, typer.Option(help="Head for a view of a single head.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any other control of the view, e.g. color=around-1/3."),
    ] = None,
    zoom: Annotated[
        str | None, typer.Option(metavar="ROWS,COLUMNS", help="Part of the grids to draw, e.g. 10-40,3-20, counted from 0.")
    ] = None,
    align: Annotated[
        str | None, typer.Option(help="How to align compared variants: epoch or grokking.", show_default="epoch")
    ] = None,
    theme: Annotated[str, typer.Option(help="auto, light or dark.")] = "auto",
    scale: Annotated[int, typer.Option(help="Enlarge images, e.g. 2 for print.")] = 1,
    fps: Annotated[float, typer.Option(help="Frames per second of a time-lapse.")] = 12.0,
    exact: Annotated[bool, typer.Option(help="Offer the exact values of a site for download.")] = True,
    limit: Annotated[float, typer.Option(min=0, help="Maximum size of a site in MB.")] = 1000.0,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Draw a view to an image, a time-lapse or an offline page; without --output, the file is named after its content.

    With --site, write pages of several variants that any static host can serve.
    """
    runs = runs_named(variants, listing(results, families), families)
    if site is not None:
        not_of_site = {"--output": output, "--epoch": epoch, "--from": from_, "--to": to, "--head": head, "--zoom": zoom}
        site_export.check_without({**not_of_site, "--align": align})
        wanted = site_export.wanted(view, pair, set_, frames, exact)
        site_export.write(site, runs, wanted, limit)
        return
    view_, pair_ = site_export.one("--view", view), site_export.one("--pair", pair)
    if epoch is not None and (from_ is not None or to is not None):
        raise InvalidValueError("give --epoch for one epoch, or --from and --to for a time-lapse, not both")
    choices = given_texts({"pair": pair_, "head": head}, set_)
    if len(variants) > 1 and output is None:
        raise InvalidValueError(f"{len(variants)} variants are compared in one file: name it with --output, or give --site DIR")
    if len(variants) == 1 and align is not None:
        raise InvalidValueError("--align is for variants that are compared: name two to four")
    chosen, drawn = runs[0], view_ or site_export.VIEW

    from headlapse.cli.progress import epoch_progress
    from headlapse.export import export_compared, export_view, select_epochs
    from headlapse.export.comparison import select_moments

    asked = {"epoch": epoch, "first": from_, "last": to, "most": frames}
    how = align or "epoch"
    choose = partial(select_moments, runs, drawn, how) if len(runs) > 1 else partial(select_epochs, chosen, drawn)
    selected = choose(**asked) if any(number is not None for number in asked.values()) else None
    epochs = selected[0] if selected is not None and len(selected) == 1 else selected
    with epoch_progress("drawing") as progress, warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always", UserWarning)
        options: dict[str, Any] = {
            "view": drawn,
            "epochs": epochs,
            "choices": choices,
            "zoom": zoom,
            "theme": theme,
            "scale": scale,
            "fps": fps,
            "progress": progress,
        }
        if len(runs) > 1 and output is not None:
            path = export_compared(runs, output, align=how, **options)
        else:
            path = export_view(chosen, output, **options)
    for remark in remarks:
        typer.echo(f"note: {remark.message}", err=True)
    typer.echo(str(path))
