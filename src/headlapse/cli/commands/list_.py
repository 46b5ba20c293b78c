"""The command `headlapse list`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, registry
from headlapse.errors import FileStateError, in_one_line

if TYPE_CHECKING:
    from headlapse.results.run import Run


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """List the variants in the results folder and the families that can be trained."""
    from headlapse.results.discovery import BrokenVariant, discover

    known = registry(families)
    found = discover(results, known.get)
    variants: list[dict[str, Any]] = []
    for variant in found.variants:
        try:
            variants.append(_summary(variant))
        except FileStateError as error:
            found.broken.append(BrokenVariant(variant.paths.root, str(error)))
    content = {
        "results": str(results),
        "variants": variants,
        "broken_variants": [{"folder": str(broken.folder), "reason": broken.reason} for broken in found.broken],
        "families": known.names(),
        "broken_families": [{"path": str(broken.path), "reason": broken.reason} for broken in known.broken],
    }
    if as_json:
        typer.echo(json.dumps(content, indent=1))
    else:
        _print(content)


def _summary(variant: Run) -> dict[str, Any]:
    from headlapse.results.grokking import grokked_at

    found = variant.run_state
    newest = found.epochs[-1] if found.epochs else 0
    return {
        "variant": variant.name,
        "family": variant.family_name,
        "state": found.state,
        "checkpoints": len(found.epochs),
        "last_checkpoint": newest,
        "epoch": found.status.get("epoch", newest),  # the epoch of the losses
        "train_loss": found.status.get("train_loss"),
        "test_loss": found.status.get("test_loss"),
        "grokked_at": grokked_at(variant),
        "settings": dict(variant.settings),
    }


def _print(content: dict[str, Any]) -> None:
    rows = content["variants"]
    if rows:
        width = max(len(row["variant"]) for row in rows)
        typer.echo(f"{'variant':{width}}  {'state':9}  {'epoch':>9}  checkpoints  train loss  test loss  {'grokked at':>10}")
        for row in rows:
            losses = f"{_loss(row['train_loss']):>10}  {_loss(row['test_loss']):>9}"
            grokked = "" if row["grokked_at"] is None else f"{row['grokked_at']:,}"
            counts = f"{row['epoch']:>9,}  {row['checkpoints']:>11,}"
            typer.echo(f"{row['variant']:{width}}  {row['state']:9}  {counts}  {losses}  {grokked:>10}".rstrip())
    else:
        results = content["results"]
        absent = "" if Path(results).exists() else ", which does not exist"
        typer.echo(f"no variants in {results}{absent}; try: headlapse demo")
    typer.echo(f"families: {', '.join(content['families'])}")
    for broken in content["broken_variants"]:
        name, reason = in_one_line(Path(broken["folder"]).name), broken["reason"]
        typer.echo(f"broken: {reason if name in reason else f'{name}: {reason}'}", err=True)
    for broken in content["broken_families"]:
        typer.echo(f"broken: {broken['reason']}", err=True)


def _loss(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}"
