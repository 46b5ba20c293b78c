"""Pictures of lines drawn with Pillow: plots stacked on one x axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, floor

import numpy as np
from PIL import Image, ImageDraw

from headlapse.export.curves import OVERSAMPLING
from headlapse.export.frame import Frame, write_header
from headlapse.export.layout import Box
from headlapse.export.theme import THEMES, Theme, font
from headlapse.visualization.envelope import extremes
from headlapse.visualization.format import value_in_words
from headlapse.visualization.lines import EPOCH, Lines, Plot, Series
from headlapse.visualization.theme import color_of
from headlapse.visualization.ticks import index_ticks, nice_ticks

WIDTH, TOP, LEFT, RIGHT = 900, 112, 76, 180
DASH = 6  # pixels of a dash, and of the gap after it
HEIGHTS, GAP, BOTTOM = (320, 150), 40, 64  # of a plot, and of the losses


class LinePainter:
    """Draws frames of one view of lines. All frames have the plots of the first."""

    def __init__(self, first: Lines, theme: Theme, scale: int = 1) -> None:
        self.theme, self.scale = theme, scale
        self._name = next(name for name, known in THEMES.items() if theme == known)
        heights = [HEIGHTS[plot is first.losses] * scale for plot in plots_of(first)]
        tops = [TOP * scale + sum(heights[:place]) + GAP * scale * place for place in range(len(heights))]
        self.boxes = [Box(LEFT * scale, top, WIDTH * scale, height) for top, height in zip(tops, heights, strict=True)]
        self.size = ((LEFT + WIDTH + RIGHT) * scale, self.boxes[-1].bottom + BOTTOM * scale)

    def paint(self, frame: Frame) -> Image.Image:
        """The whole picture of `frame`."""
        image = Image.new("RGB", self.size, self.theme.paper)
        lines: Lines = frame.picture
        low, high = _span(lines)
        for box, plot in zip(self.boxes, plots_of(lines), strict=True):
            _PlotPainter(image, box, plot, (low, high), self._name, self.scale).draw()
        self._draw_marks(image, lines, low, high)
        self._draw_x_axis(ImageDraw.Draw(image), lines, low, high)
        write_header(ImageDraw.Draw(image), frame, (LEFT * self.scale, 24 * self.scale), self.theme, self.scale)
        return image

    def _draw_marks(self, image: Image.Image, lines: Lines, low: float, high: float) -> None:
        draw = ImageDraw.Draw(image)
        places = [(mark.epoch, color_of(mark.color, self._name)) for mark in lines.marks]
        if lines.x_label == EPOCH and lines.epoch is not None:
            places.append((lines.epoch, self.theme.ink))
        for epoch, color in places:
            x = round(_across(self.boxes[0], epoch, low, high))
            for box in self.boxes:
                draw.line([(x, box.top), (x, box.bottom)], color, self.scale)

    def _draw_x_axis(self, draw: ImageDraw.ImageDraw, lines: Lines, low: float, high: float) -> None:
        box, small = self.boxes[-1], font(12 * self.scale)
        for place, words in _x_ticks(lines, low, high):
            at = (_across(box, place, low, high), box.bottom + 7 * self.scale)
            draw.text(at, words, self.theme.muted, small, anchor="mt")
        draw.text((box.left + box.width / 2, box.bottom + 30 * self.scale), lines.x_label, self.theme.muted, small, anchor="mt")


class _PlotPainter:
    def __init__(self, image: Image.Image, box: Box, plot: Plot, span: tuple[float, float], theme: str, scale: int) -> None:
        self.image, self.box, self.plot, self.span, self.scale = image, box, plot, span, scale
        self.theme_name, self.theme = theme, THEMES[theme]
        self.low, self.high = y_limits(plot)

    def draw(self) -> None:
        draw, small = ImageDraw.Draw(self.image), font(12 * self.scale)
        draw.text((self.box.left, self.box.top - 8 * self.scale), self.plot.label, self.theme.muted, small, anchor="lb")
        for tick in nice_ticks(self.low, self.high, 5):
            y = self.box.top + self._down(tick)
            words = f"1e{tick:.0f}" if self.plot.log else value_in_words(tick)
            draw.line([(self.box.left, y), (self.box.right, y)], self.theme.line, 1)
            draw.text((self.box.left - 7 * self.scale, y), words, self.theme.muted, small, anchor="rm")
        for level in self.plot.levels:
            y = self.box.top + self._down(level)
            draw.line([(self.box.left, y), (self.box.right, y)], self.theme.muted, self.scale)
        for place, series in enumerate(self.plot.series):
            color = color_of(series.color, self.theme_name)
            self._draw_series(series, color)
            at = (self.box.right + 12 * self.scale, self.box.top + 18 * place * self.scale)
            draw.text(at, series.name, color, font(13 * self.scale), anchor="lt")

    def _draw_series(self, series: Series, color: str) -> None:
        mask = Image.new("L", (self.box.width * OVERSAMPLING, self.box.height * OVERSAMPLING))
        pen = ImageDraw.Draw(mask)
        drawn = self._pieces(series)
        for points in _dashes(drawn, DASH * self.scale * OVERSAMPLING) if series.dashed else drawn:
            pen.line(points, 255, round(1.7 * self.scale * OVERSAMPLING), joint="curve")
        self.image.paste(color, (self.box.left, self.box.top), mask.reduce(OVERSAMPLING))

    def _pieces(self, series: Series) -> Iterator[list[tuple[float, float]]]:
        """Points in pixels of the mask, split where a value is missing."""
        y = _scaled(self.plot, series.y)
        kept = extremes(series.x, y, *self.span, self.box.width)
        gaps = np.flatnonzero(np.diff(kept) > 1)
        breaks = [gap + 1 for gap in gaps if not np.isfinite(y[kept[gap] : kept[gap + 1]]).all()]
        for piece in filter(len, np.split(kept, breaks)):
            x = [_across(self.box, value, *self.span) - self.box.left for value in series.x[piece]]
            down = [self._down(value) for value in y[piece]]
            yield [(across * OVERSAMPLING, place * OVERSAMPLING) for across, place in zip(x, down, strict=True)]

    def _down(self, value: float) -> float:
        return (self.high - value) / (self.high - self.low) * (self.box.height - 1)


def _dashes(pieces: Iterable[list[tuple[float, float]]], length: float) -> Iterator[list[tuple[float, float]]]:
    """Every second stretch of `length` along lines through points."""
    for piece in pieces:
        points = np.array(piece, np.float64).reshape(-1, 2)
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        for start in np.arange(0, along[-1], 2 * length):
            end = min(start + length, along[-1])
            places = [start, *along[(along > start) & (along < end)], end]
            yield list(zip(*(np.interp(places, along, axis).tolist() for axis in points.T), strict=True))


def plots_of(lines: Lines) -> list[Plot]:
    """All plots, the losses first."""
    return [*([lines.losses] if lines.losses else []), *lines.plots]


def y_limits(plot: Plot) -> tuple[float, float]:
    """The range of the y axis; in powers of ten on a log axis."""
    if plot.limits is not None and not plot.log:
        return plot.limits
    values = np.concatenate([_scaled(plot, series.y) for series in plot.series] or [np.empty(0)])
    values = values[np.isfinite(values)]
    if plot.log:
        return (floor(values.min()), max(ceil(values.max()), floor(values.min()) + 1)) if len(values) else (-1, 1)
    low, high = (min(0.0, values.min()), max(values.max(), *plot.levels, 0.0)) if len(values) else (0.0, 1.0)
    return (low, high) if low < high else (low, low + 1)


def _scaled(plot: Plot, values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, np.float64)
    if not plot.log:
        return values
    logs: np.ndarray = np.log10(values, where=values > 0, out=np.full(values.shape, np.nan))
    return logs


def _span(lines: Lines) -> tuple[float, float]:
    ends = [
        end for plot in plots_of(lines) for series in plot.series for end in (series.x.min(initial=0), series.x.max(initial=0))
    ]
    return 0.0 if lines.x_label == EPOCH else min(ends), max([*ends, 1.0])


def _x_ticks(lines: Lines, low: float, high: float) -> list[tuple[float, str]]:
    if lines.x_ticks is not None:
        return [(place, lines.x_ticks[place]) for place in index_ticks(len(lines.x_ticks))]
    words = (lambda tick: f"{tick:,.0f}") if lines.x_label == EPOCH else value_in_words
    return [(tick, words(tick)) for tick in nice_ticks(low, high)]


def _across(box: Box, value: float, low: float, high: float) -> float:
    return box.left + (value - low) / (high - low) * (box.width - 1)
