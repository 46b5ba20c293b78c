"""Colours of values: a scale, and the range of values it spans. `web/core/colors.ts` computes the same.

The scales are perceptually uniform or symmetric, and keep their order for colour-blind readers: viridis, cividis
and magma run from low to high; rdbu and puor run away from a midpoint in two hues.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headlapse import checks
from headlapse.errors import UnknownNameError

RGB = tuple[float, float, float]  # each in [0, 255]
Stops = tuple[tuple[float, RGB], ...]
ColorRange = tuple[float | int, float | int] | str  # checked when used, so that the error can say what is allowed

SEQUENTIAL = ("viridis", "cividis", "magma")
DIVERGING = ("rdbu", "puor")
ATTENTION_RANGE = (0.0, 1.0)
TABLE_SIZE = 256
FARTHEST = 1e100


@dataclass(frozen=True)
class ColorScale:
    """Colours over [low, high]: `stops` are places in [0, 1] with their colour, linear in between."""

    low: float
    high: float
    stops: Stops

    def table(self) -> np.ndarray:
        """uint8 `(256, 3)`: the colours from low to high; every pixel has one of them."""
        places = [place for place, _ in self.stops]
        channels = zip(*(color for _, color in self.stops), strict=True)
        steps = np.linspace(0, 1, TABLE_SIZE)
        table = np.stack([np.interp(steps, places, channel) for channel in channels], axis=-1)
        return np.floor(table + 0.5).astype(np.uint8)  # as browsers round

    def steps(self, values: np.ndarray) -> np.ndarray:
        """uint8 indices of `values` in the table; values beyond the range get its ends."""
        place = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        steps: np.ndarray = np.clip(place * (TABLE_SIZE - 1) + 0.5, 0, TABLE_SIZE - 1)
        return steps.astype(np.uint8)

    def paint(self, values: np.ndarray) -> np.ndarray:
        """uint8 colours of `values`, one axis more."""
        painted: np.ndarray = self.table()[self.steps(values)]
        return painted


def color_scale(
    values: np.ndarray,
    color_range: ColorRange = "fixed",
    scale: str | None = None,
    midpoint: float | int | None = None,
) -> ColorScale:
    """The scale to draw `values` with.

    `color_range` is "fixed" ([0, 1] at every epoch), "epoch" (from the least to the largest of `values`,
    which makes pictures of different epochs incomparable) or a pair (low, high). With a `midpoint` equal
    distances above and below it are equally strong, and the scale defaults to a diverging one.
    """
    low, high = _limits(values, color_range)
    usual = SEQUENTIAL[0] if midpoint is None else DIVERGING[0]
    stops = _stops(usual if scale is None else checks.text("scale", scale))
    if midpoint is None:
        return ColorScale(low, high, stops)
    midpoint = _limit("midpoint", midpoint)
    reach = max(abs(high - midpoint), abs(low - midpoint))
    whole = ColorScale(midpoint - reach, midpoint + reach, stops)
    return _crop(whole, low, high)


def _limits(values: np.ndarray, color_range: ColorRange) -> tuple[float, float]:
    allowed = "'fixed', 'epoch' or low < high"
    if isinstance(color_range, str):
        if color_range not in ("fixed", "epoch"):
            raise checks.wrong("color_range", allowed, color_range)
        low, high = ATTENTION_RANGE if color_range == "fixed" else (float(values.min()), float(values.max()))
        return (low, high) if low < high else ATTENTION_RANGE
    limits = checks.several(_limit, "color_range", color_range, f"two numbers, or {allowed}")
    if len(limits) != 2 or not limits[0] < limits[1]:
        raise checks.wrong("color_range", allowed, color_range)
    return limits[0], limits[1]


def _limit(name: str, value: object) -> float:
    """A number that is small enough to compute distances from."""
    return checks.number(name, value, least=-FARTHEST, most=FARTHEST)


def _stops(name: str) -> Stops:
    from plotly import colors

    published = {
        "viridis": colors.sequential.Viridis,
        "cividis": colors.sequential.Cividis,
        "magma": colors.sequential.Magma,
        "rdbu": colors.diverging.RdBu_r,
        "puor": colors.diverging.PuOr_r,
    }
    if name not in published:
        raise UnknownNameError.among("color scale", name, published)
    rgb, _ = colors.convert_colors_to_same_type(list(published[name]), colortype="tuple")
    places = np.linspace(0, 1, len(rgb)).tolist()
    return tuple((place, (255 * r, 255 * g, 255 * b)) for place, (r, g, b) in zip(places, rgb, strict=True))


def _crop(scale: ColorScale, low: float, high: float) -> ColorScale:
    """The same colour for every value, over a smaller range, so that the colour bar shows only possible values."""
    start, end = ((value - scale.low) / (scale.high - scale.low) for value in (low, high))
    inside = [stop for stop in scale.stops if start < stop[0] < end]
    kept = [(start, _color_at(scale.stops, start)), *inside, (end, _color_at(scale.stops, end))]
    return ColorScale(low, high, tuple(((place - start) / (end - start), color) for place, color in kept))


def _color_at(stops: Stops, place: float) -> RGB:
    places = [stop for stop, _ in stops]
    red, green, blue = (float(np.interp(place, places, [color[i] for _, color in stops])) for i in range(3))
    return red, green, blue
