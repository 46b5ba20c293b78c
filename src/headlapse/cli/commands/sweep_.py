"""The command `headlapse sweep`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headlapse.cli.errors import FAILED, INTERRUPTED
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, pairs_by_name, registry
from headlapse.errors import InvalidValueError
from headlapse.system.cpus import MOST_THREADS

if TYPE_CHECKING:
    from headlapse.sweep import Tally
    from headlapse.sweep.plan import Part

Pairs = list[str] | None


def command(
    family: Annotated[str | None, typer.Argument(metavar="FAMILY", help="Family to train; or named in --file.")] = None,
    grid: Annotated[
        Pairs, typer.Option("--grid", metavar="NAME=VALUES", help="Values of a setting: 0,0.5,1 or 0..63 or 0..1:0.25.")
    ] = None,
    zip_: Annotated[
        Pairs, typer.Option("--zip", metavar="NAME=VALUES", help="Values paired one to one with those of the other --zip.")
    ] = None,
    set_: Annotated[
        Pairs,
        typer.Option("--set", metavar="NAME=VALUE", help="A value for all runs: a setting, epochs, checkpoint_every, ..."),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Read the sweep from a TOML file.")] = None,
    on: Annotated[str, typer.Option(metavar="PLACE", help="Where to run it: local, ray or slurm.")] = "local",
    option: Annotated[
        Pairs, typer.Option("--option", metavar="NAME=VALUE", help="An option of --on; see docs/sweeps.md.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="Address of a Ray cluster; the same as --option address=.")] = None,
    submit: Annotated[bool, typer.Option("--submit", help="Submit the Slurm script with sbatch.")] = False,
    threads: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_THREADS, help="Threads of each run.", show_default="chosen from the whole grid"),
    ] = None,
    no_analyze: Annotated[bool, typer.Option("--no-analyze", help="Do not analyse checkpoints.")] = False,
    part: Annotated[
        str | None, typer.Option(metavar="INDEX/COUNT", help="Only every COUNT-th run, as in a job array.", hidden=True)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would run and what it needs, then exit.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Ask the runs of this sweep to stop, on any machine.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Train every variant of a grid, continuing earlier runs. Ctrl-C is safe: run the same command again to continue.

    Exit code 0: all runs are done; 1: some failed and are listed; 130: cancelled by Ctrl-C or --cancel; 143: ended by SIGTERM.
    """
    from headlapse.sweep.api import sweep
    from headlapse.sweep.file import SweepFile, read_sweep_file

    stated = SweepFile() if file is None else read_sweep_file(file)
    options = _merged("option", stated.option, option)
    options |= {} if address is None else {"address": address}
    options |= {"submit": "yes"} if submit else {}
    ended = sweep(
        registry(families).get(_family(family, stated.family)),
        _merged("grid", stated.grid, grid),
        zip=_merged("zip", stated.zip, zip_),
        on=on,
        results=results,
        threads=threads,
        options=options,
        part=None if part is None else _part(part, stated.sums),
        dry_run=dry_run,
        cancel=cancel,
        say=typer.echo,
        **_merged("set", stated.set, set_) | ({"analyze": False} if no_analyze else {}),
    )
    raise typer.Exit(0 if ended is None else _code(ended))


def _merged(name: str, stated: Mapping[str, Any], pairs: Pairs) -> dict[str, Any]:
    """The values of the file, extended and overridden by the command line."""
    return {**stated, **pairs_by_name(f"--{name}", pairs)}


def _family(given: str | None, stated: str | None) -> str:
    if given is not None and stated is not None and given != stated:
        raise InvalidValueError(f"the file is a sweep of {stated}, not of {given}; leave one out")
    name = given or stated
    if name is None:
        raise InvalidValueError("name a family, or give --file with one")
    return name


def _part(text: str, sums: Mapping[str, Any]) -> Part:
    from headlapse.sweep.plan import Part, Sum

    index, _, of = text.partition("/")
    if not (index.isdecimal() and of.isdecimal() and sums):
        raise InvalidValueError(f"--part takes INDEX/COUNT beside a --file with sums, got {text}")
    return Part(int(index), int(of), Sum(**sums))


def _code(ended: Tally) -> int:
    typer.echo(str(ended))
    for name, reason in ended.failed.items():
        typer.echo(f"{name}: {reason}", err=True)
    if ended.is_incomplete:
        return INTERRUPTED if ended.signal is None else 128 + ended.signal
    return FAILED if ended.failed else 0
