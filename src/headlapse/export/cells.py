"""Values of grids as one byte per cell: steps of a span; 255 means no value if there are gaps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from headlapse.visualization.pictures import Grids

Span = tuple[float, float]


def span_of(pictures: Iterable[Grids]) -> tuple[Span, bool]:
    """The range of the bytes, which is the colour range, extended to values beyond it; and whether there are NaN."""
    span: Span | None = None
    has_gaps = False
    for picture in pictures:
        low, high = span or picture.limits
        known = picture.values[~np.isnan(picture.values)]
        has_gaps |= known.size < picture.values.size
        span = (min(low, float(known.min())), max(high, float(known.max()))) if known.size else (low, high)
    assert span is not None, "at least one picture"
    return span, has_gaps


def steps_of(values: np.ndarray, span: Span, has_gaps: bool) -> np.ndarray:
    """uint8 steps of the span; 255 means no value if there are gaps."""
    low, high = span
    top = 254 if has_gaps else 255
    steps = np.floor((np.nan_to_num(values, nan=low).astype(np.float64) - low) / (high - low) * top + 0.5).astype(np.uint8)
    return np.where(np.isnan(values), np.uint8(255), steps) if has_gaps else steps
