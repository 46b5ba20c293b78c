"""Waves over the pictures of heads: the strongest frequency along each axis, as curves in the margins of the grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from headlapse.families.axes import Axis
from headlapse.families.cyclic import LEAST_SHARE, modulus, n_frequencies, residues, waves
from headlapse.visualization.axis_orders import LOGARITHM
from headlapse.visualization.controls import Choice
from headlapse.visualization.pictures import Curve
from headlapse.visualization.views import Option

MIDDLE, HEIGHT = 0.1, 0.07  # of the side of a grid: where a wave runs, and how far it swings
WAVES = Choice(
    "waves",
    "Waves",
    ((Option("off", "Off"), {"waves": False}), (Option("on", "On"), {"waves": True})),
    extra=True,
    changes="curves",
)


def wave_controls(axes: Sequence[Axis]) -> tuple[Choice, ...]:
    """A button for the waves, if both axes are numbers modulo p."""
    return () if modulus(axes) is None else (WAVES,)


def waves_over(values: Float[np.ndarray, "panel y x"], axes: tuple[Axis, Axis], order: str | None = None) -> tuple[Curve, ...]:
    """Two curves per panel: the wave along the vertical axis, at the left, and that along the horizontal axis, at the top.

    Each is the component of the panel's frequency in the mean over the other axis; the frequency is the one with the largest
    share in both means. Crests point right, or down, where values are large. All waves have the same amplitude: they show
    phase, not strength. A panel whose largest share is below `LEAST_SHARE`, or whose axes are not numbers modulo p, has none.

    With the logarithmic order, waves run over the logarithms, which are the numbers modulo p - 1; 0 has none and is left out.
    """
    if modulus(axes) is None:
        return ()
    grids, numbers = np.asarray(values, dtype=np.float64), [residues(axis) for axis in axes]
    if order == LOGARITHM:  # 0 is at the end
        grids, numbers = grids[:, :-1, :-1], [np.arange(axis.size - 1) for axis in axes]
    curves: list[Curve] = []
    for panel, grid in enumerate(grids):
        found = _waves(grid, numbers)
        if found is not None:
            down, right = (tuple(_scaled(wave).tolist()) for wave in found)
            places = tuple(np.arange(len(down), dtype=np.float64).tolist())
            curves += [Curve(panel, rows=places, columns=down), Curve(panel, rows=right, columns=places)]
    return tuple(curves)


def _waves(grid: Float[np.ndarray, "y x"], numbers: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray] | None:
    """The waves along both axes, whose places have these `numbers`; None if no frequency is strong enough."""
    p = len(grid)
    bases = [waves(p)[:, along] for along in numbers]
    parts = [basis @ grid.mean(axis=other) for basis, other in zip(bases, (1, 0), strict=True)]
    energies = sum(np.square(part[: n_frequencies(p)]) + np.square(part[n_frequencies(p) :]) for part in parts)
    total, best = np.sum(energies), int(np.argmax(energies))
    if not total > (1e-6 * np.abs(grid).max()) ** 2 * p or np.max(energies) < LEAST_SHARE * total:
        return None
    pair = [best, n_frequencies(p) + best]
    down, right = (part[pair] @ basis[pair] for part, basis in zip(parts, bases, strict=True))
    return down, right


def _scaled(wave: Float[np.ndarray, " place"]) -> Float[np.ndarray, " place"]:
    """A wave as places across the grid."""
    top = np.abs(wave).max()
    side = len(wave) - 1
    across: np.ndarray = side * (MIDDLE + HEIGHT * wave / (top if top > 0 else 1))
    return across
