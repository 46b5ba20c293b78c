"""headlapse analyze"""

from __future__ import annotations

from typing import Annotated

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, listing
from headlapse.errors import HeadlapseError, InvalidValueError


def command(
    variants: Annotated[list[str] | None, typer.Argument(metavar="VARIANT...", help="Variants to analyse.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Analyse every variant in the results folder.")] = False,
    epoch: Annotated[list[int] | None, typer.Option(help="Only this checkpoint; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Compute again what is up to date.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Compute missing or stale artifacts of checkpoints."""
    if bool(variants) == all_:
        raise InvalidValueError("name the variants to analyse, or give --all (headlapse list shows them)")
    found = listing(results, families)
    chosen = found.variants if all_ else [found.get(name) for name in variants or ()]
    if not chosen:
        raise HeadlapseError(f"{results} holds no variant; train one first, e.g. headlapse demo")

    from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
    from headlapse.cli.progress import epoch_progress

    failed = False
    for variant in chosen:
        with epoch_progress(variant.name) as progress:
            report = AnalysisPipeline(variant, AnalysisRunConfig(checkpoints=epoch, force=force)).run(progress)
        typer.echo(f"{variant.name}: {report}")
        for failure in report.failed:
            typer.echo(f"  epoch {failure.epoch:,}, {failure.analyzer}: {failure.reason}", err=True)
        failed = failed or bool(report.failed)
    raise typer.Exit(1 if failed else 0)
