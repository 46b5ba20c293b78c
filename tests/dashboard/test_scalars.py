"""The page is told every scalar of a run, thinned where there are more points than a screen has columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headlapse.dashboard.routes.scalars import COLUMNS, curves
from headlapse.results.scalars import write_scalar
from tests.results.recorded_runs import EPOCHS, recorded_run


def test_scalars_under_any_name_are_told_with_their_epochs(tmp_path: Path) -> None:
    run = recorded_run(tmp_path)
    write_scalar(run.paths, "grad norm", {0: -1.5, 7: float("nan"), 9: 0.0, 11: float("inf")})
    expected = [
        {"name": "grad norm", "epochs": [0, 9], "values": [-1.5, 0.0]},
        {"name": "learning rate", "epochs": list(EPOCHS), "values": [0.1] * 3},
        {"name": "test_accuracy", "epochs": list(EPOCHS), "values": [epoch / 30 for epoch in EPOCHS]},
    ]
    assert curves(run) == expected


def test_a_long_curve_keeps_its_spikes(tmp_path: Path) -> None:
    run = recorded_run(tmp_path)
    values = np.sin(np.arange(100_000) / 9_000)
    values[77_777], values[12_345] = 50.0, -50.0
    write_scalar(run.paths, "norm", dict(enumerate(values.tolist())))
    (curve,) = [curve for curve in curves(run) if curve["name"] == "norm"]
    points = dict(zip(curve["epochs"], curve["values"], strict=True))  # type: ignore[call-overload]
    assert len(points) <= 2 * COLUMNS and points[77_777] == 50 and points[12_345] == -50
    assert all(values[epoch] == value for epoch, value in points.items())
