"""The command `headlapse lock-in`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.errors import unwell
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, check_any, listing, runs_named, say_broken
from headlapse.errors import HeadlapseError

if TYPE_CHECKING:
    from headlapse.results.run import Run
    from headlapse.visualization.lock_in_table import LockInRow
    from headlapse.visualization.views import EpochData

ANALYZER = "attention_lock_in"


def command(
    variants: Annotated[
        list[str] | None, typer.Argument(metavar="VARIANT", help="Variants, by name or folder; by default all analysed ones.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Largest distance to the final pattern of a locked-in head: 0.02, 0.05, 0.1 or 0.2.", show_default="0.05"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Show when each head locks in, relative to the last analysed epoch, and when the variant groks."""
    from headlapse.results.behind import update_in_words
    from headlapse.visualization.lock_in_table import lock_in_rows

    found = listing(results, families)
    chosen = runs_named(variants, found, families) if variants else found.variants
    analysed = [variant for variant in chosen if variants or ANALYZER in variant.artifacts.get_available_analyzers()]
    broken = [] if variants else found.broken
    if not variants:
        check_any(found, results)
    say_broken(broken)
    if not analysed:
        raise HeadlapseError(f"{results} holds no variant with {ANALYZER}; run headlapse analyze --all")
    loaded: list[tuple[str, EpochData]] = []

    def load(variant: Run) -> bool:
        loaded.append((variant.name, variant.artifacts.load_run(ANALYZER)))
        return True

    wrong = unwell(analysed, load)
    rows = lock_in_rows(loaded, threshold=threshold)
    if rows or as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=1) if as_json else _table(rows))
    for variant in analysed:
        if variant.name not in wrong and (line := update_in_words(variant, ANALYZER)):
            typer.echo(line, err=True)
    raise typer.Exit(1 if wrong or broken else 0)


def _table(rows: list[LockInRow]) -> str:
    width = max(len("variant"), *(len(row.variant) for row in rows))
    n_heads = max(len(row.heads) for row in rows)
    heads = "".join(f"{f'Head {head}':>10}" for head in range(n_heads))
    lines = [f"{'variant':{width}}{heads}{'grokking':>10}{'last epoch':>12}{'accuracy':>10}"]
    for row in rows:
        epochs = "".join(f"{_epoch(epoch):>10}" for epoch in (*row.heads, *[None] * (n_heads - len(row.heads))))
        accuracy = "-" if row.last_test_accuracy is None else f"{row.last_test_accuracy:.4f}"
        lines.append(f"{row.variant:{width}}{epochs}{_epoch(row.grokking_epoch):>10}{row.last_epoch:>12,}{accuracy:>10}")
    waiting = [
        f"{row.variant} has not grokked by epoch {row.last_epoch:,}: no lock-in." for row in rows if row.settled is False
    ]
    return "\n".join([*lines, *waiting])


def _epoch(epoch: int | None) -> str:
    return "-" if epoch is None else f"{epoch:,}"
