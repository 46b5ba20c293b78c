"""Labels of ticks: their text, their width, and how many fit side by side."""

from __future__ import annotations

from itertools import pairwise

from headlapse.export.theme import font
from headlapse.families.axes import Axis
from headlapse.visualization.ticks import index_ticks

MOST = 6
SIZE, APART = 12, 8  # of the font, and pixels between two labels, at scale 1


def tick_words(axis: Axis, place: int) -> str:
    """The text of a tick: the name of the place, or its number."""
    return str(place) if axis.ticks is None else axis.ticks[place]


def widest_label(axis: Axis, scale: int) -> int:
    """The width in pixels of the widest label of a vertical axis."""
    return max(_width(axis, tick, scale) for tick in index_ticks(axis.size, MOST))


def ticks_side_by_side(axis: Axis, cell: int, scale: int) -> list[int]:
    """Places on a horizontal axis with `cell` pixels each: as many as their labels leave room for, at most six."""
    choices = (index_ticks(axis.size, most) for most in range(MOST, 1, -1))
    return next((ticks for ticks in choices if _is_room(axis, ticks, cell, scale)), [0])


def _is_room(axis: Axis, ticks: list[int], cell: int, scale: int) -> bool:
    widths = [_width(axis, tick, scale) for tick in ticks]
    gaps = zip(pairwise(ticks), pairwise(widths), strict=True)
    return all((after - tick) * cell >= (one + other) / 2 + APART * scale for (tick, after), (one, other) in gaps)


def _width(axis: Axis, place: int, scale: int) -> int:
    return round(font(SIZE * scale).getlength(tick_words(axis, place)))
