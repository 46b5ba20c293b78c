"""Do heads lock in before or after the run groks? The tables and figures of docs/lock_in_study.md, from a folder of runs.

    python examples/lock_in_study.py results docs/images

docs/lock_in_study.md shows the sweep that makes the runs. Tables are printed as Markdown; figures need headlapse[vector].
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from headlapse.analysis.cross_epoch.attention_lock_in import lock_in_epochs, total_variation
from headlapse.errors import HeadlapseError
from headlapse.export.vector import vector
from headlapse.results.discovery import discover
from headlapse.results.grokking import grokked_at
from headlapse.workbench import FamilyRegistry

THRESHOLDS = (0.2, 0.1, 0.05, 0.02)
CUTS = (2000, 2500, 3000)  # epochs at which runs are taken to end
MEMORISED = 100  # epochs; until then the patterns move most, in every run
COLORS = {1.0: "#2f6fab", 2.0: "#d1603d"}
SYMBOLS = {0.5: "circle", 0.6: "diamond", 0.7: "square"}


@dataclass(frozen=True)
class Outcome:
    """A run. All arrays except the epochs are for the last position, `(epoch, head)`."""

    fraction: float
    decay: float
    grokked: int | None
    epochs: np.ndarray
    distance: np.ndarray  # to the final patterns
    change: np.ndarray  # since the checkpoint before
    settled: np.ndarray  # (head): the epoch from which its dominant frequency stays
    cut: dict[int, np.ndarray]  # distance to the patterns at an earlier epoch, up to it

    def locked(self, threshold: float, end: int | None = None) -> np.ndarray:
        """The epoch at which each head would lock in if the run had ended at `end`."""
        distance = self.distance if end is None else self.cut[end]
        return lock_in_epochs(self.epochs[: len(distance)], distance[:, :, None], threshold)[:, 0]

    @property
    def share_before(self) -> np.ndarray:
        """The share of each head's movement after memorisation that comes before grokking."""
        later = self.epochs > MEMORISED
        before = later & (self.epochs <= (self.grokked or 0))
        return self.change[before].sum(axis=0) / self.change[later].sum(axis=0)


def outcome(run: Any) -> Outcome:
    arrays = run.artifacts.load_run("attention_lock_in")
    return Outcome(
        run.settings["train_fraction"],
        run.settings["weight_decay"],
        grokked_at(run),
        arrays["epochs"],
        arrays["distance"][:, :, -1],
        arrays["change"][:, :, -1],
        run.artifacts.load_run("head_frequency_history")["settled"],
        {end: distances(run, arrays["epochs"], end) for end in CUTS},
    )


def distances(run: Any, epochs: np.ndarray, end: int) -> np.ndarray:
    """Distance of the patterns at each epoch up to `end` to those at `end`, `(epoch, head)`."""
    last = run.artifacts.load_epoch("attention_patterns", end)["patterns"]
    others = (run.artifacts.load_epoch("attention_patterns", int(epoch))["patterns"] for epoch in epochs[epochs <= end])
    return np.stack([total_variation(patterns, last)[:, -1] for patterns in others])


def settings_table(runs: Sequence[Outcome]) -> str:
    lines = ["| train fraction | weight decay | grok | grokking epoch | lock-in, mean of heads |", "|---|---|---|---|---|"]
    for fraction, decay in sorted({(run.fraction, run.decay) for run in runs}):
        group = [run for run in runs if (run.fraction, run.decay) == (fraction, decay)]
        grokked = [run for run in group if run.grokked]
        epochs = spread([run.grokked for run in grokked])
        locked = spread([run.locked(0.05).mean() for run in grokked])
        lines.append(f"| {fraction:g} | {decay:g} | {len(grokked)} of {len(group)} | {epochs} | {locked} |")
    return "\n".join(lines)


def thresholds_table(runs: Sequence[Outcome]) -> str:
    header = "| threshold | heads that lock in after grokking | lock-in minus grokking: median (quartiles) | rank correlation |"
    lines = [header, "|---|---|---|---|"]
    groks = np.array([run.grokked for run in runs], float)
    for threshold in THRESHOLDS:
        locked = np.stack([run.locked(threshold) for run in runs])
        lags = locked - groks[:, None]
        low, middle, high = np.nanpercentile(lags, [25, 50, 75])
        rank = rank_correlation(groks, locked.mean(axis=1))
        after = f"{(lags > 0).sum()} of {lags.size}"
        lines.append(f"| {threshold:g} | {after} | {middle:+,.0f} ({low:+,.0f} to {high:+,.0f}) | {rank:.2f} |")
    return "\n".join(lines)


def cuts_table(runs: Sequence[Outcome]) -> str:
    lines = ["| the run ends at | lock-in, mean of heads | lock-in minus grokking |", "|---|---|---|"]
    for end in CUTS:
        locked = [run.locked(0.05, end).mean() for run in runs]
        lags = [epoch - (run.grokked or 0) for epoch, run in zip(locked, runs, strict=True)]
        lines.append(f"| {end:,} | {spread(locked)} | {spread(lags)} |")
    return "\n".join(lines)


def spread(values: Sequence[Any]) -> str:
    """Mean and sample standard deviation, and n."""
    if len(values) < 2:
        return f"{values[0]:,.0f} (n = 1)" if values else "-"
    return f"{np.mean(values):,.0f} ± {np.std(values, ddof=1):,.0f} (n = {len(values)})"


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's rank correlation; equal values share the mean of their ranks."""
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def ranks(values: np.ndarray) -> np.ndarray:
    below, equal = (compare(values[:, None], values).sum(axis=1) for compare in (np.greater, np.equal))
    return below + (equal - 1) / 2


def scatter_figure(runs: Sequence[Outcome]) -> go.Figure:
    """Lock-in of every head against grokking, at three thresholds; runs that do not grok are at the right."""
    titles = [f"threshold {threshold:g}" for threshold in THRESHOLDS[:3]]
    figure = make_subplots(1, 3, shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03)
    for column, threshold in enumerate(THRESHOLDS[:3], start=1):
        line = {"color": "#999999", "dash": "dot"}
        figure.add_scatter(x=[0, 3000], y=[0, 3000], mode="lines", line=line, showlegend=False, row=1, col=column)
        for decay, fraction in sorted({(run.decay, run.fraction) for run in runs}):
            group = [run for run in runs if (run.decay, run.fraction) == (decay, fraction)]
            points = [(run.grokked or 3300, epoch) for run in group for epoch in run.locked(threshold)]
            marker = {"color": COLORS[decay], "symbol": SYMBOLS[fraction], "size": 7, "opacity": 0.7}
            x, y = zip(*points, strict=True)
            name = f"weight decay {decay:g}, train fraction {fraction:g}"
            dots = go.Scatter(x=x, y=y, mode="markers", marker=marker, name=name, showlegend=column == 1)
            figure.add_trace(dots, row=1, col=column)
    ticks = {"tickvals": [0, 1000, 2000, 3300], "ticktext": ["0", "1,000", "2,000", "never"]}
    figure.update_xaxes(title_text="grokking epoch", range=[0, 3500], **ticks)
    figure.update_yaxes(range=[0, 3000], tickformat=",")
    figure.update_yaxes(title_text="lock-in epoch of a head", col=1)
    return figure


def aligned_figure(runs: Sequence[Outcome]) -> go.Figure:
    """Distance to the final patterns, and how fast they change, on an axis whose 0 is grokking."""
    figure = make_subplots(2, 1, shared_xaxes=True, vertical_spacing=0.06)
    curves: list[Callable[[Outcome], np.ndarray]] = [lambda run: run.distance.mean(axis=1), lambda run: run.change.mean(axis=1)]
    for row, curve in enumerate(curves, start=1):
        for run in runs:
            name, color = f"weight decay {run.decay:g}", COLORS[run.decay]
            is_new = row == 1 and name not in {trace.name for trace in figure.data}
            x = run.epochs - run.grokked
            style = {"line": {"color": color, "width": 1.3}, "opacity": 0.8, "name": name, "legendgroup": name}
            figure.add_trace(go.Scatter(x=x, y=curve(run), mode="lines", showlegend=is_new, **style), row=row, col=1)
        figure.add_vline(0, line={"color": "#999999", "dash": "dot"}, row=row, col=1)
    figure.update_xaxes(title_text="epochs after grokking", tickformat=",", row=2)
    figure.update_yaxes(title_text="distance to the end", rangemode="tozero", row=1)
    figure.update_yaxes(title_text="change per checkpoint", type="log", dtick=1, row=2)
    return figure


def write(figure: go.Figure, path: Path, height: int) -> None:
    legend = {"orientation": "h", "y": -0.16, "yanchor": "top"}
    margin = {"l": 70, "r": 20, "t": 40, "b": 60}
    figure.update_layout(template="plotly_white", width=1000, height=height, legend=legend, margin=margin, font_size=13)
    path.write_bytes(vector(figure, "svg"))


def main(results: Path, images: Path) -> None:
    runs = [outcome(run) for run in discover(results, FamilyRegistry().get).variants]
    grokked = [run for run in runs if run.grokked]
    if not grokked:
        raise HeadlapseError(f"{results} holds no run that groks; docs/lock_in_study.md shows the sweep that makes them")
    early = [run for run in grokked if run.grokked and run.grokked <= 1500]
    before = np.stack([run.share_before for run in grokked])
    settled = np.stack([run.settled < (run.grokked or 0) for run in grokked])
    shares = ", ".join(f"{share:.0%}" for share in np.percentile(before, [0, 50, 100]))
    print(settings_table(runs), thresholds_table(grokked), cuts_table(early), sep="\n\n")
    print(
        f"\nmovement after epoch {MEMORISED} that comes before grokking: least, median, most of {before.size} heads: {shares}"
    )
    print(f"heads whose frequency settles before grokking: {settled.sum()} of {settled.size}")
    within = [np.ptp(run.locked(0.05)) for run in grokked]
    first = sum(run.locked(0.05) == run.locked(0.05).min() for run in grokked)
    print(f"between the first and the last head of a run: {spread(within)}; heads 0, 1, 2, 3 are first in {first} runs")
    never = [run.locked(0.05).mean() for run in runs if not run.grokked]
    print(f"lock-in, mean of heads, of runs that do not grok: {spread(never)}")
    write(scatter_figure(runs), images / "lock_in_study_scatter.svg", 430)
    write(aligned_figure(grokked), images / "lock_in_study_aligned.svg", 560)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("results", type=Path, help="folder of the runs")
    options.add_argument("images", type=Path, help="folder for the figures")
    asked = options.parse_args()
    try:
        main(asked.results, asked.images)
    except HeadlapseError as error:
        sys.exit(f"error: {error}")
