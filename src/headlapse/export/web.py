"""Losses as plain data, in the form that the TypeScript in `web/core` takes, and its bundles."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from headlapse.results.losses import Losses
from headlapse.visualization.envelope import envelope

COLUMNS = 2000  # of a curve: more than a screen has, so that it looks the same as with all its points


def curves(losses: Losses) -> dict[str, dict[str, list[float]]]:
    """Train and test loss for a log axis, thinned; each a `Curve`: epochs `x`, losses `y`."""
    return {"train": _curve(losses.train, 0), "test": _curve(losses.test, 1)}


def static(name: str) -> str:
    """A bundle of `web/`, as text."""
    return files("headlapse").joinpath("static", name).read_text(encoding="utf-8")


def _curve(losses: np.ndarray, first_epoch: int) -> dict[str, list[float]]:
    epochs = np.arange(first_epoch, first_epoch + len(losses), dtype=np.float64)
    kept = envelope(epochs, losses, 0, max(1, len(losses)), COLUMNS)
    return {"x": epochs[kept].astype(int).tolist(), "y": [float(f"{loss:.7g}") for loss in losses[kept]]}
