"""Draw pictures with numpy and Pillow: no browser, and the same pixels on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from einops import repeat
from jaxtyping import UInt8
from PIL import Image, ImageDraw

from headlapse.export.curves import LossCurves
from headlapse.export.layout import Layout
from headlapse.export.theme import Theme, font
from headlapse.results.losses import Losses
from headlapse.visualization.colors import ColorScale
from headlapse.visualization.format import epoch_in_words, loss_in_words, value_in_words
from headlapse.visualization.pictures import HeatMaps
from headlapse.visualization.ticks import index_ticks, nice_ticks


@dataclass(frozen=True)
class Frame:
    """A picture at its moment of training; losses are NaN where they are not known."""

    picture: HeatMaps
    epoch: int
    train_loss: float = float("nan")
    test_loss: float = float("nan")


class Painter:
    """Draws frames of one view: what stays the same is drawn once, from the first frame.

    All frames must share shape, names and colours with the first. With `losses` the loss curves stand below, marked at the
    frame's epoch.
    """

    def __init__(self, first: HeatMaps, theme: Theme, scale: int = 1, losses: Losses | None = None) -> None:
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
        self._write_header(ImageDraw.Draw(image), frame)
        if self.curves is not None:
            self.curves.mark(image, frame.epoch)
        return image

    def _cells(self, picture: HeatMaps, values: np.ndarray) -> UInt8[np.ndarray, "height width rgb"]:
        upright = values if picture.origin == "upper" else values[::-1]
        cell = self.layout.cell
        return repeat(picture.colors.paint(upright), "a b rgb -> (a height) (b width) rgb", height=cell, width=cell)

    def _write_header(self, draw: ImageDraw.ImageDraw, frame: Frame) -> None:
        layout, small = self.layout, font(15 * self.scale)
        left = layout.panels[0].left
        draw.text((left, layout.margin), frame.picture.subject, self.theme.ink, font(21 * self.scale))
        y = layout.margin + 34 * self.scale
        draw.text((left, y), epoch_in_words(frame.epoch), self.theme.ink, small)
        facts = [("test", frame.test_loss, self.theme.test), ("train", frame.train_loss, self.theme.train)]
        for place, (name, loss, color) in enumerate(facts):
            if isfinite(loss):
                words = f"{name} loss {loss_in_words(loss)}"
                draw.text((left + (124 + 136 * place) * self.scale, y), words, color, small)

    def _draw_names(self, picture: HeatMaps) -> None:
        for box, name in zip(self.layout.panels, picture.names, strict=True):
            place = (box.left + box.width // 2, box.top - 8 * self.scale)
            self._draw.text(place, name, self.theme.ink, font(14 * self.scale), anchor="mb")

    def _draw_axes(self, picture: HeatMaps) -> None:
        rows, columns = picture.values.shape[-2:]
        near, far, small = 7 * self.scale, 27 * self.scale, font(12 * self.scale)
        for panel, box in enumerate(self.layout.panels):
            for tick in index_ticks(columns):
                place = (box.left + self._middle(tick), box.bottom + near)
                self._draw.text(place, str(tick), self.theme.muted, small, anchor="mt")
            for tick in index_ticks(rows):
                down = self._middle(tick) if picture.origin == "upper" else box.height - self._middle(tick)
                self._draw.text((box.left - near, box.top + down), str(tick), self.theme.muted, small, anchor="rm")
            if panel + picture.columns >= len(picture.names):
                place = (box.left + box.width // 2, box.bottom + far)
                self._draw.text(place, picture.x_label, self.theme.muted, font(14 * self.scale), anchor="mt")
            if panel % picture.columns == 0:
                place = (box.left - far - 5 * self.scale, box.top + box.height // 2)
                self._draw.text(place, picture.y_label, self.theme.muted, font(14 * self.scale), anchor="rm")

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
