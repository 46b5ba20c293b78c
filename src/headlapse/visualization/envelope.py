"""Long curves, thinned for drawing without losing spikes. `web/core/envelope.ts` does the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int


def envelope(
    x: Float[np.ndarray, " point"], y: Float[np.ndarray, " point"], first: float, last: float, columns: int
) -> Int[np.ndarray, " kept"]:
    """Indices of the points to draw: in each of `columns` equal parts of [first, last] the least and the largest `y`.

    `x` ascends. Points outside, and those not shown on a log axis (not positive or not finite), are left out. Indices ascend.
    """
    return extremes(x, np.where(y > 0, y, np.nan), first, last, columns)


def extremes(
    x: Float[np.ndarray, " point"], y: Float[np.ndarray, " point"], first: float, last: float, columns: int
) -> Int[np.ndarray, " kept"]:
    """`envelope` for an axis that shows every finite number."""
    shown = np.flatnonzero(np.isfinite(y) & (x >= first) & (x <= last))
    if len(shown) == 0:
        return shown
    column = np.minimum(np.floor((x[shown] - first) / (last - first) * columns), columns - 1)
    starts = [0, *(np.flatnonzero(np.diff(column)) + 1).tolist(), len(shown)]
    parts = [shown[start:end] for start, end in pairwise(starts)]
    kept: np.ndarray = np.unique([part[place] for part in parts for place in (y[part].argmin(), y[part].argmax())])
    return kept
