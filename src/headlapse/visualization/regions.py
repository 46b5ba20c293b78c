"""A part of the axes of grids: "10-40,3-20" means rows 10 to 40 and columns 3 to 20, counted from 0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from headlapse import checks
from headlapse.errors import OutOfRangeError
from headlapse.families.axes import Axis
from headlapse.visualization.pictures import Curve, Grids, Look

Span = tuple[int, int]
LEAST = 2  # smallest number of places per side on the page


@dataclass(frozen=True)
class Region:
    """Places on the two axes of grids, first and last included."""

    rows: Span
    columns: Span

    @classmethod
    def read(cls, text: object) -> Self:
        """The region in text such as "10-40,3-20". Raises `InvalidValueError`."""
        found = re.fullmatch(r"(\d{1,9})-(\d{1,9}),(\d{1,9})-(\d{1,9})", text) if isinstance(text, str) else None
        top, bottom, left, right = map(int, found.groups()) if found else (1, 0, 1, 0)
        if top > bottom or left > right:
            raise checks.wrong("zoom", "ROWS,COLUMNS, each FIRST-LAST, as in '10-40,3-20'", text)
        return cls((top, bottom), (left, right))

    def within(self, axes: Sequence[Axis]) -> Region | None:
        """The part of it that these axes have; None if they have none. `web/core/region.ts` does the same."""
        spans = [_within(span, axis.size) for span, axis in zip((self.rows, self.columns), axes, strict=True)]
        rows, columns = spans
        return None if rows is None or columns is None else Region(rows, columns)

    def __str__(self) -> str:
        return ",".join(f"{first}-{last}" for first, last in (self.rows, self.columns))


def _within(span: Span, size: int) -> Span | None:
    first, last = span
    start = max(0, min(first, size - LEAST))
    return None if first >= size else (start, min(max(last, start + LEAST - 1), size - 1))


def cut(picture: Grids, region: Region) -> Grids:
    """The picture of the cells in `region`, in the colours of the whole. Raises `OutOfRangeError` beyond its axes."""
    down, right = (_part(*pair) for pair in zip(picture.axes, (region.rows, region.columns), strict=True))
    rows, columns = (slice(first, last + 1) for first, last in (region.rows, region.columns))
    curves = (part for curve in picture.curves for part in _parts(curve, region))
    return replace(
        picture,
        values=picture.values[:, rows, columns],
        axes=(down, right),
        curves=tuple(curves),
        look=_with_range_of(picture),
    )


def _part(axis: Axis, span: Span) -> Axis:
    first, last = span
    if last >= axis.size:
        raise OutOfRangeError(f"zoom goes to {axis.name} {last}; valid: 0 to {axis.size - 1}")
    ticks = axis.ticks or tuple(map(str, range(axis.size)))
    return Axis(axis.name, last - first + 1, ticks[first : last + 1])


def _with_range_of(picture: Grids) -> Look:
    """Its look, with the range of this epoch as numbers if the colours follow the epoch."""
    if picture.look.get("color_range") != "epoch":
        return picture.look
    return {**picture.look, "color_range": (picture.colors.low, picture.colors.high)}


def _parts(curve: Curve, region: Region) -> Iterator[Curve]:
    """The pieces of a curve that lie in the region."""
    rows, columns = np.array(curve.rows, np.float64), np.array(curve.columns, np.float64)
    inside = np.flatnonzero(_lies_in(rows, region.rows) & _lies_in(columns, region.columns))
    for piece in np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1):
        if len(piece) > 1:
            yield Curve(curve.panel, _moved(rows[piece], region.rows), _moved(columns[piece], region.columns))


def _lies_in(places: np.ndarray, span: Span) -> np.ndarray:
    inside: np.ndarray = (places >= span[0] - 0.5) & (places <= span[1] + 0.5)
    return inside


def _moved(places: Sequence[float] | np.ndarray, span: Span) -> tuple[float, ...]:
    return tuple(float(place) - span[0] for place in places)
