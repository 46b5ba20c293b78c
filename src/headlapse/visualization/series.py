"""Views of small arrays of every epoch as lines over epochs: one line per head, or per other entry of the array."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.lines import Lines, Mark, Plot, series_of
from headlapse.visualization.theme import SERIES
from headlapse.visualization.views import Controls, EpochData, View

Names = Callable[[RunLabels], Sequence[str]]


def head_names(run: RunLabels) -> Sequence[str]:
    """One line per head."""
    return run.head_labels


def series_view(
    name: str,
    title: str,
    analyzer: str,
    array: str,
    *,
    label: str,
    names: Names = head_names,
    controls: Controls | Callable[[RunLabels], Controls] = (),
    choose: Callable[..., Any] | None = None,
    limits: tuple[float, float] | None = None,
    log: bool = False,
    marks: Callable[..., list[Mark]] | None = None,
) -> View:
    """A view of `array`, which `analyzer` makes at every epoch, over epochs.

    The array has one number per line, `(line,)`; of a larger one `choose(values, run, **arguments)` gives `(epoch, line)` from
    `(epoch, ...)`, by the arguments of the `controls`. `names` gives one name per line. NaN interrupts a line.
    If there are more lines than colours, the colours repeat with dashed lines.
    """

    def picture(arrays: EpochData, epoch: int | None, run: RunLabels, **arguments: Any) -> Lines:
        found = arrays_of(arrays, {"epochs": "epoch"})
        values = arrays[array] if choose is None else choose(arrays[array], run, **arguments)
        lines = series_of(tuple(names(run)), found["epochs"], arrays_of({array: values}, {array: "epoch line"})[array])
        lines = tuple(replace(line, dashed=place // len(SERIES) % 2 == 1) for place, line in enumerate(lines))
        return Lines((Plot(label, lines, log=log, limits=limits),), subject=title, epoch=epoch)

    return View(name, title, analyzer, picture=picture, shows="lines", controls=controls, marks=marks, over_epochs=True)
