"""The command `headlapse check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.errors import unwell
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, listing, runs_named
from headlapse.errors import InvalidValueError, counted, in_one_line

if TYPE_CHECKING:
    from headlapse.results.run import Run


def command(
    variants: Annotated[
        list[str] | None, typer.Argument(metavar="VARIANT", help="Variants to check, by name or folder.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Check every variant in the results folder.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Remove leftovers and repair as much as possible.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Verify every byte of finished results. Exit code 0: everything is OK or was repaired; 1: there are problems."""
    if bool(variants) == all_:
        raise InvalidValueError("name the variants to check, or give --all (headlapse list shows them)")
    found = listing(results, families)
    if all_ and not results.exists():
        raise InvalidValueError(f"{results} does not exist; name a folder of results with --results")
    chosen = found.variants if all_ else runs_named(variants or (), found, families)
    broken = found.broken if all_ else []
    for folder in broken:
        typer.echo(f"{in_one_line(folder.folder.name)}: {folder.reason}")
    wrong = unwell(chosen, lambda variant: _is_right(variant, repair))
    left = _leftovers(results, repair) if all_ else []
    typer.echo(f"{len(chosen) + len(broken):,} checked, {len(wrong) + len(broken):,} with problems")
    raise typer.Exit(1 if wrong or broken or left else 0)


def _leftovers(results: Path, repair: bool) -> list[Path]:
    """Print leftovers of killed processes beside the variants, remove them in a repair, and return those that remain."""
    from headlapse.results.orphans import orphans, remove_orphans

    found = orphans(results)
    for path in found:
        typer.echo(f"leftover: {in_one_line(path)}: is unfinished; run `headlapse check --all --repair`")
    if not (found and repair):
        return found
    remove_orphans(results)
    left = orphans(results)
    typer.echo(f"{results}: removed {len(found) - len(left):,} of {len(found):,}")
    return left


def _is_right(variant: Run, repair: bool) -> bool:
    """Print the problems of `variant`, and after a repair those that remain."""
    from headlapse.results.integrity import inspect

    findings = inspect(variant)
    _report(variant, [str(finding) for finding in findings])
    if not (findings and repair):
        return not findings
    from headlapse.training.repair import repair as make_again

    make_again(variant)
    left = inspect(variant)
    typer.echo(f"{variant.name}: repaired {len(set(findings) - set(left)):,} of {len(findings):,}")
    for finding in left:
        typer.echo(f"  left: {finding}")
    return not left


def _report(variant: Run, findings: list[str]) -> None:
    from headlapse.results.integrity import not_analysed

    artifacts = sum(len(variant.paths.artifacts.files(name)) for name in variant.artifacts.get_available_analyzers())
    state = counted(len(findings), "finding") if findings else "OK"
    checkpoints = counted(len(variant.checkpoint_epochs), "checkpoint")
    typer.echo(f"{variant.name}: {checkpoints}, {counted(artifacts, 'artifact')}, {state}")
    for finding in findings:
        typer.echo(f"  {finding}")
    later = {name: len(not_analysed(variant, name)) for name in variant.analyzers}
    waiting = ", ".join(f"{name} ({count:,})" for name, count in later.items() if count)
    if waiting:
        typer.echo(f"  not analysed yet, by number of checkpoints: {waiting}; run `headlapse analyze {variant.name}`")
