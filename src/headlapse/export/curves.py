"""The loss curves under the heat maps, with a mark at the epoch of a frame."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from PIL import Image, ImageDraw

from headlapse.export.layout import Box
from headlapse.export.theme import Theme, font
from headlapse.results.losses import Losses
from headlapse.visualization.envelope import envelope
from headlapse.visualization.ticks import nice_ticks

OVERSAMPLING = 4  # curves are drawn larger and reduced, which smooths their edges


class LossCurves:
    """Train and test loss over epochs on a log axis, drawn into a box."""

    def __init__(self, losses: Losses, box: Box, theme: Theme, scale: int) -> None:
        self.losses, self.box, self.theme, self.scale = losses, box, theme, scale
        seen = np.concatenate([losses.train, losses.test])
        powers = np.log10(seen[np.isfinite(seen) & (seen > 0)])
        self.low = floor(powers.min()) if len(powers) else -1
        self.high = ceil(powers.max() + 1e-9) if len(powers) else 1

    def mark(self, image: Image.Image, epoch: int) -> None:
        """An upright line at `epoch`."""
        x = round(self.box.left + self._across(epoch))
        ImageDraw.Draw(image).line([(x, self.box.top), (x, self.box.bottom)], self.theme.ink, 2 * self.scale)

    def draw(self, image: Image.Image) -> None:
        """Axes, names and both curves."""
        draw = ImageDraw.Draw(image)
        self._draw_axes(draw)
        self._draw_curve(image, self.losses.test, 1, self.theme.test)
        self._draw_curve(image, self.losses.train, 0, self.theme.train)
        names = font(13 * self.scale)
        for place, (name, color) in enumerate([("test", self.theme.test), ("train", self.theme.train)]):
            right = self.box.right - 46 * self.scale * place
            draw.text((right, self.box.top - 8 * self.scale), name, color, names, anchor="rb")

    def _draw_axes(self, draw: ImageDraw.ImageDraw) -> None:
        box, small = self.box, font(12 * self.scale)
        draw.text((box.left, box.top - 8 * self.scale), "loss", self.theme.muted, small, anchor="lb")
        for power in nice_ticks(self.low, self.high, 5):
            y = box.top + self._down(power)
            draw.line([(box.left, y), (box.right, y)], self.theme.line, 1)
            draw.text((box.left - 7 * self.scale, y), f"1e{power:.0f}", self.theme.muted, small, anchor="rm")
        for epoch in nice_ticks(0, max(1, len(self.losses))):
            place = (box.left + self._across(epoch), box.bottom + 7 * self.scale)
            draw.text(place, f"{epoch:,.0f}", self.theme.muted, small, anchor="mt")

    def _draw_curve(self, image: Image.Image, losses: np.ndarray, first_epoch: int, color: str) -> None:
        epochs = np.arange(first_epoch, first_epoch + len(losses), dtype=np.float64)
        kept = envelope(epochs, losses, 0, max(1, len(losses)), self.box.width)
        if len(kept) < 2:
            return
        moments = zip(epochs[kept].tolist(), np.log10(losses[kept]).tolist(), strict=True)
        points = [(self._across(epoch) * OVERSAMPLING, self._down(power) * OVERSAMPLING) for epoch, power in moments]
        mask = Image.new("L", (self.box.width * OVERSAMPLING, self.box.height * OVERSAMPLING))
        ImageDraw.Draw(mask).line(points, 255, round(1.7 * self.scale * OVERSAMPLING), joint="curve")
        image.paste(color, (self.box.left, self.box.top), mask.reduce(OVERSAMPLING))

    def _across(self, epoch: float) -> float:
        """Pixels from the left of the box."""
        return epoch / max(1, len(self.losses)) * (self.box.width - 1)

    def _down(self, power: float) -> float:
        """Pixels from the top of the box."""
        return (self.high - power) / (self.high - self.low) * (self.box.height - 1)
