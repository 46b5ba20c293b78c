"""Scalars of a run by name, for curves: as many points as a screen has columns, and every spike among them."""

from __future__ import annotations

import numpy as np
from flask import Blueprint, Response, jsonify

from headlapse.dashboard.context import DashboardContext
from headlapse.results.run import Run
from headlapse.results.scalar_names import TEST_LOSS, TRAIN_LOSS
from headlapse.results.scalars import Series
from headlapse.visualization.envelope import envelope

COLUMNS = 2_000
LOSSES = (TRAIN_LOSS, TEST_LOSS)  # which have a route of their own


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("scalars", __name__)

    @routes.get("/data/scalars/<family>/<name>")
    def scalars(family: str, name: str) -> Response:
        return jsonify(scalars=curves(context.variants.variant(family, name)))

    return routes


def curves(run: Run) -> list[dict[str, object]]:
    """`{"name", "epochs", "values"}` of every scalar but the losses, finite values only. Raises `CorruptFileError`."""
    found = {name: run.scalars[name] for name in run.scalars if name not in LOSSES}
    return [{"name": name, **_thinned(series)} for name, series in found.items()]


def _thinned(series: Series) -> dict[str, list[float]]:
    known = np.isfinite(series.values)
    epochs, values = series.epochs[known], series.values[known]
    if len(values) > 2 * COLUMNS:
        above_zero = values - values.min() + 1  # a curve of losses is thinned for a log axis
        kept = envelope(epochs.astype(np.float64), above_zero, float(epochs[0]), float(epochs[-1]), COLUMNS)
        epochs, values = epochs[kept], values[kept]
    return {"epochs": epochs.tolist(), "values": values.tolist()}
