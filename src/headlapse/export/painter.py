"""Draw pictures with numpy and Pillow, without a browser and with the same pixels on every machine."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from einops import repeat
from jaxtyping import UInt8
from PIL import Image, ImageColor, ImageDraw

from headlapse.export.curves import LossCurves
from headlapse.export.frame import Frame, write_header
from headlapse.export.layout import Layout
from headlapse.export.line_plots import LinePainter
from headlapse.export.theme import Theme, font
from headlapse.export.tick_labels import MOST, tick_words, ticks_side_by_side
from headlapse.results.losses import Losses
from headlapse.visualization.colors import ColorScale
from headlapse.visualization.format import value_in_words
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids
from headlapse.visualization.ticks import index_ticks, nice_ticks


class FramePainter(Protocol):
    """The painter of the frames of one view."""

    def paint(self, frame: Frame) -> Image.Image:
        """The whole picture of `frame`."""
        ...


def painter_of(first: Grids | Lines, theme: Theme, scale: int = 1, losses: Losses | None = None) -> FramePainter:
    """The painter for frames like the first."""
    return LinePainter(first, theme, scale) if isinstance(first, Lines) else Painter(first, theme, scale, losses)


class Painter:
    """Draws frames of one view of grids. The parts that do not change are drawn once, from the first frame.

    All frames must have the shape, names and colours of the first. With `losses`, the loss curves are below, marked at the
    frame's epoch.
    """

    def __init__(self, first: Grids, theme: Theme, scale: int = 1, losses: Losses | None = None) -> None:
        self.theme, self.scale = theme, scale
        self.layout = Layout.of(first, scale, losses is not None)
        self.background = Image.new("RGB", (self.layout.width, self.layout.height), theme.paper)
        self._draw = ImageDraw.Draw(self.background)
        self._draw_names(first)
        self._draw_axes(first)
        self._draw_color_bar(first.colors, first.value_label)
        self.curves: LossCurves | None = None
        if losses is not None and self.layout.losses is not None:
            self.curves = LossCurves(losses, self.layout.losses, theme, scale)
            self.curves.draw(self.background)

    def paint(self, frame: Frame) -> Image.Image:
        """The whole picture of `frame`."""
        image = self.background.copy()
        for box, values in zip(self.layout.panels, frame.picture.values, strict=True):
            image.paste(Image.fromarray(self._cells(frame.picture, values)), (box.left, box.top))
        self._draw_curves(image, frame.picture)
        at = (self.layout.panels[0].left, self.layout.margin)
        write_header(ImageDraw.Draw(image), frame, at, self.theme, self.scale)
        if self.curves is not None and frame.epoch is not None:
            self.curves.mark(image, frame.epoch)
        return image

    def _cells(self, picture: Grids, values: np.ndarray) -> UInt8[np.ndarray, "height width rgb"]:
        upright = values if picture.origin == "upper" else values[::-1]
        cell = self.layout.cell
        painted = picture.colors.paint(upright)
        painted[np.isnan(upright)] = ImageColor.getrgb(self.theme.paper)
        return repeat(painted, "a b rgb -> (a height) (b width) rgb", height=cell, width=cell)

    def _draw_curves(self, image: Image.Image, picture: Grids) -> None:
        draw, rows = ImageDraw.Draw(image), picture.axes[0].size
        for curve in picture.curves:
            box, cell = self.layout.panels[curve.panel], self.layout.cell
            downs = curve.rows if picture.origin == "upper" else [rows - 1 - row for row in curve.rows]
            points = [
                (box.left + (x + 0.5) * cell, box.top + (y + 0.5) * cell) for x, y in zip(curve.columns, downs, strict=True)
            ]
            draw.line(points, "white", 2 * self.scale)

    def _draw_names(self, picture: Grids) -> None:
        for box, name in zip(self.layout.panels, picture.names, strict=True):
            place = (box.left + box.width // 2, box.top - 8 * self.scale)
            self._draw.text(place, name, self.theme.ink, font(14 * self.scale), anchor="mb")

    def _draw_axes(self, picture: Grids) -> None:
        (down, right), places = picture.axes, set(picture.places)
        near, far, small, large = 7 * self.scale, 27 * self.scale, font(12 * self.scale), font(14 * self.scale)
        for (row, column), box in zip(picture.places, self.layout.panels, strict=True):
            for tick in ticks_side_by_side(right, self.layout.cell, self.scale):
                place = (box.left + self._middle(tick), box.bottom + near)
                self._draw.text(place, tick_words(right, tick), self.theme.muted, small, anchor="mt")
            for tick in index_ticks(down.size, MOST):
                y = self._middle(tick) if picture.origin == "upper" else box.height - self._middle(tick)
                self._draw.text((box.left - near, box.top + y), tick_words(down, tick), self.theme.muted, small, anchor="rm")
            if (row + 1, column) not in places:
                place = (box.left + box.width // 2, box.bottom + far)
                self._draw.text(place, right.name, self.theme.muted, large, anchor="mt")
            if column == 0:
                place = (box.left - self.layout.name, box.top + box.height // 2)
                self._draw.text(place, down.name, self.theme.muted, large, anchor="rm")

    def _middle(self, cell: int) -> int:
        return (2 * cell + 1) * self.layout.cell // 2

    def _draw_color_bar(self, colors: ColorScale, label: str) -> None:
        bar, small = self.layout.color_bar, font(12 * self.scale)
        values = np.linspace(colors.high, colors.low, bar.height)
        strip = repeat(colors.paint(values), "height rgb -> height width rgb", width=bar.width)
        self.background.paste(Image.fromarray(strip), (bar.left, bar.top))
        for tick in nice_ticks(colors.low, colors.high):
            y = bar.bottom - 1 - (tick - colors.low) / (colors.high - colors.low) * (bar.height - 1)
            self._draw.text((bar.right + 6 * self.scale, y), value_in_words(tick), self.theme.muted, small, anchor="lm")
        self._draw.text((bar.right, bar.top - 10 * self.scale), label, self.theme.muted, small, anchor="mb")
