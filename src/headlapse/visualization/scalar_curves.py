"""Scalars of a run by name, for curves: as many points as a screen has columns, including every spike."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from headlapse.errors import CorruptFileError
from headlapse.results.run import Run
from headlapse.results.scalar_names import TEST_LOSS, TRAIN_LOSS
from headlapse.results.scalars import Series
from headlapse.visualization.envelope import envelope
from headlapse.visualization.theme import SCALARS

COLUMNS = 2_000
LOSSES = (TRAIN_LOSS, TEST_LOSS)  # which have their own route


def names(run: Run) -> list[str]:
    """The names of all scalars except the losses."""
    return [name for name in run.paths.scalar_names() if name not in LOSSES]


def stamp(run: Run) -> str:
    """Changes whenever one of them does; empty if there is none."""
    states = []
    for name in names(run):
        with suppress(OSError):  # it has just been removed
            states.append(run.paths.scalar(name).stat())
    newest, size = max((state.st_mtime_ns for state in states), default=0), sum(state.st_size for state in states)
    return f"{newest:x}.{size:x}.{len(states)}" if states else ""


def curves(run: Run) -> list[dict[str, object]]:
    """`{"name", "color", "epochs", "values"}` of each, finite values only. Damaged ones are left out; `check` names them."""
    found: list[dict[str, object]] = []
    for place, name in enumerate(names(run)):
        try:
            series = run.scalars[name]
        except (CorruptFileError, KeyError):  # a KeyError: it has just been removed
            continue
        found.append({"name": name, "color": SCALARS[place % len(SCALARS)], **_thinned(series)})
    return found


def _thinned(series: Series) -> dict[str, list[float]]:
    known = np.isfinite(series.values)
    epochs, values = series.epochs[known], series.values[known]
    if len(values) > 2 * COLUMNS:
        above_zero = values - values.min() + 1  # a curve of losses is thinned for a log axis
        kept = envelope(epochs.astype(np.float64), above_zero, float(epochs[0]), float(epochs[-1]), COLUMNS)
        epochs, values = epochs[kept], values[kept]
    return {"epochs": epochs.tolist(), "values": values.tolist()}
