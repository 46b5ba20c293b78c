"""The command `headlapse analyze`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.errors import unwell
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, check_any, listing, runs_named, say_broken
from headlapse.errors import InvalidValueError

if TYPE_CHECKING:
    from headlapse.analysis import AnalysisRunConfig
    from headlapse.results.run import Run


def command(
    variants: Annotated[
        list[str] | None, typer.Argument(metavar="VARIANT", help="Variants to analyse, by name or folder.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Analyse every variant in the results folder.")] = False,
    epoch: Annotated[list[int] | None, typer.Option(help="Only this checkpoint; may be repeated.")] = None,
    analyzer: Annotated[
        list[str] | None,
        typer.Option(help="Only this analyzer, even if the family does not list it; may be repeated."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Recompute even if up to date.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Compute missing or stale artifacts of checkpoints. Exit code 1: something could not be analysed; the rest was."""
    from headlapse.analysis import AnalysisRunConfig

    if bool(variants) == all_:
        raise InvalidValueError("name the variants to analyse, or give --all (headlapse list shows them)")
    found = listing(results, families)
    chosen = found.variants if all_ else runs_named(variants or (), found, families)
    broken = found.broken if all_ else []
    if all_ and not broken:
        check_any(found, results)
    say_broken(broken)
    wrong = unwell(chosen, lambda variant: _analyze(variant, AnalysisRunConfig(analyzer, epoch, force)))
    raise typer.Exit(1 if wrong or broken else 0)


def _analyze(variant: Run, config: AnalysisRunConfig) -> bool:
    """Analyse `variant` and print the outcome; return whether every epoch is fine."""
    from headlapse.analysis import AnalysisPipeline
    from headlapse.cli.progress import epoch_progress

    with epoch_progress(variant.name) as progress:
        report = AnalysisPipeline(variant, config).run(progress)
    typer.echo(f"{variant.name}: {report}")
    for line in report.failures():
        typer.echo(f"  {line}", err=True)
    return not report.failed
