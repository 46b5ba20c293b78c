"""headlapse frequencies."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse.cli.errors import unwell
from headlapse.cli.options import DEFAULT_RESULTS, Families, Results, check_any, listing, runs_named, say_broken
from headlapse.errors import HeadlapseError

if TYPE_CHECKING:
    from headlapse.results.run import Run
    from headlapse.visualization.frequency_table import FrequencyRow, HeadFrequency

ANALYZER, HISTORY, LOCK_IN = "head_frequencies", "head_frequency_history", "attention_lock_in"


def command(
    variants: Annotated[
        list[str] | None, typer.Argument(metavar="VARIANT", help="Variants, by name or folder; by default all analysed ones.")
    ] = None,
    epoch: Annotated[int | None, typer.Option(help="Epoch to show; by default the newest.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    results: Results = DEFAULT_RESULTS,
    families: Families = None,
) -> None:
    """Show the frequency of each head, its purity and when it settled, with grokking and lock-in.

    For variants that you name, missing frequencies are computed first.
    """
    found = listing(results, families)
    chosen = runs_named(variants, found, families) if variants else found.variants
    analysed = [variant for variant in chosen if variants or variant.artifacts.get_epochs(ANALYZER)]
    broken = [] if variants else found.broken
    if not variants:
        check_any(found, results)
    say_broken(broken)
    if not analysed:
        raise HeadlapseError(f"{results} holds no variant with {ANALYZER}; run headlapse analyze --all")
    rows: list[tuple[FrequencyRow, Run]] = []

    def load(variant: Run) -> bool:
        rows.append((_row(variant, epoch), variant))
        return True

    wrong = unwell(analysed, load)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row, _ in rows], indent=1))
    elif rows:
        typer.echo("\n\n".join(_table(row, variant) for row, variant in rows))
    for _, variant in rows:
        for line in _updates(variant):
            typer.echo(line, err=True)
    raise typer.Exit(1 if wrong or broken else 0)


def _row(variant: Run, epoch: int | None) -> FrequencyRow:
    """The row of a variant; missing results are computed."""
    from headlapse.results.epochs import check_epoch
    from headlapse.visualization.frequency_table import frequency_row

    if not variant.artifacts.get_epochs(ANALYZER):
        _analyze(variant)
    epochs = variant.artifacts.get_epochs(ANALYZER)
    shown = epochs[-1] if epoch is None else check_epoch(epoch, epochs, variant.name)
    labels = variant.labels.head_labels
    settled = [float("nan")] * len(labels)
    if variant.paths.artifacts.has_run_file(HISTORY):
        settled = variant.artifacts.load_run(HISTORY)["settled"].tolist()
    return frequency_row(variant.name, shown, labels, variant.artifacts.load_epoch(ANALYZER, shown), settled)


def _updates(variant: Run) -> list[str]:
    """A line for each result over all epochs that does not know the newest epoch."""
    from headlapse.results.behind import update_in_words

    return [line for name in (HISTORY, LOCK_IN) if (line := update_in_words(variant, name))]


def _analyze(variant: Run) -> None:
    from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig

    report = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=[ANALYZER, HISTORY])).run()
    if not variant.artifacts.get_epochs(ANALYZER):
        raise HeadlapseError(report.failed[0].reason if report.failed else f"{variant.name}: {report}")


def _table(row: FrequencyRow, variant: Run) -> str:
    """One variant: a summary line, then a line per head."""
    from headlapse.results.grokking import grokked_at

    keys = ", ".join(map(str, row.key_frequencies)) or "-"
    grokked = grokked_at(variant)
    words = f"has not grokked by epoch {variant.epochs[-1]:,}" if grokked is None else f"groks at epoch {grokked:,}"
    summary = f"{row.variant}, epoch {row.epoch:,}: key frequencies {keys}; {words}"
    header = f"{'':10}{'frequency':>10}{'score':>8}{'pattern':>9}{'FVE':>8}{'settled':>9}{'lock-in':>9}"
    locked = _lock_in(variant, len(row.heads))
    return "\n".join([summary, header, *(_line(head, epoch) for head, epoch in zip(row.heads, locked, strict=True))])


def _line(head: HeadFrequency, locked: int | None) -> str:
    frequency = "-" if head.frequency is None else str(head.frequency)
    shares = f"{_share(head.score_share):>8}{_share(head.pattern_share):>9}"
    fve = "-" if head.fve is None else f"{100 * head.fve:.1f} %"
    return f"{head.head:10}{frequency:>10}{shares}{fve:>8}{_epoch(head.settled_epoch):>9}{_epoch(locked):>9}"


def _lock_in(variant: Run, n_heads: int) -> list[int | None]:
    """When each head locks in, if known."""
    from headlapse.visualization.attention_lock_in import lock_in_epochs

    if not variant.paths.artifacts.has_run_file(LOCK_IN):
        return [None] * n_heads
    epochs = lock_in_epochs(variant.artifacts.load_run(LOCK_IN))
    return [int(epoch) if math.isfinite(epoch) else None for epoch in epochs]


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _epoch(epoch: int | None) -> str:
    return "-" if epoch is None else f"{epoch:,}"
