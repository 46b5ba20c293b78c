"""The command `headlapse table`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, check_any, listing, runs_named, say_broken
from headlapse.errors import InvalidValueError

if TYPE_CHECKING:
    from headlapse.workbench.table import Row


def command(
    variants: Annotated[
        list[str] | None, typer.Argument(metavar="VARIANT", help="Runs, by name or folder; by default all.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV.")] = False,
    as_parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet; needs --output, and pandas or polars.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write instead of printing.")] = None,
    to: Annotated[int, typer.Option("--to", help="Destination position for the lock-in.")] = -1,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Show runs as a table: settings, losses, the epoch at which each groks, when its heads lock in, and their frequencies."""
    if as_csv and as_parquet:
        raise InvalidValueError("give --csv or --parquet, not both")
    if as_parquet and output is None:
        raise InvalidValueError("--parquet is binary; name a file with --output")
    from headlapse.workbench.table import rows

    found = listing(results, families)
    chosen = runs_named(variants, found, families) if variants else found.variants
    if not variants:
        check_any(found, results)
    content = _parquet(rows(chosen, to)) if as_parquet else _text(rows(chosen, to), as_csv or output is not None).encode()
    if output is None:
        typer.echo(content.decode(), nl=False)
    else:
        from headlapse.storage.atomic import write_bytes

        write_bytes(output, content)
    broken = [] if variants else found.broken
    say_broken(broken)
    raise typer.Exit(1 if broken else 0)


def _text(table: Sequence[Row], as_csv: bool) -> str:
    from headlapse.workbench import table_csv

    return table_csv.as_csv(table) if as_csv else _aligned(table)


def _aligned(table: Sequence[Row]) -> str:
    columns = list(table[0])
    texts = [[_short(row[name]) for name in columns] for row in table]
    widths = [max(map(len, [name, *(line[at] for line in texts)])) for at, name in enumerate(columns)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in [columns, *texts]]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _short(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _parquet(table: Sequence[Row]) -> bytes:
    from headlapse.workbench.table import data_frames

    written, frame = io.BytesIO(), data_frames().DataFrame(list(table))
    write: Any = frame.to_parquet if hasattr(frame, "to_parquet") else frame.write_parquet
    write(written)
    return written.getvalue()
