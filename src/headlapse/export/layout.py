"""The layout of a drawn picture, in whole pixels."""

from __future__ import annotations

from dataclasses import dataclass

from headlapse.export.theme import font
from headlapse.export.tick_labels import widest_label
from headlapse.visualization.pictures import Grids

SIDES = {1: 520, 2: 360}  # wanted side of a heat map by columns
SIDE = 280  # with three columns or more


@dataclass(frozen=True)
class Box:
    """A rectangle; right and bottom are just outside."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """In pixels, the first column that is no longer in the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """In pixels, the first row that is no longer in the box."""
        return self.top + self.height


@dataclass(frozen=True)
class Layout:
    """Places for the parts of a picture.

    A cell is a whole number of pixels, so that all cells look equally wide. Width and height are even, as videos require.

    `scale` enlarges everything (2 for print and dense screens); `losses` leaves room for the loss curves. `name` is how far
    left of the panels the name of the vertical axis ends.
    """

    panels: tuple[Box, ...]
    color_bar: Box
    losses: Box | None
    width: int
    height: int
    cell: int
    scale: int
    name: int

    @classmethod
    def of(cls, picture: Grids, scale: int, losses: bool) -> Layout:
        """Places for everything in `picture`."""
        rows, columns = picture.values.shape[-2:]
        cell = max(1, round(SIDES.get(picture.columns, SIDE) * scale / max(rows, columns)))
        panel_width, panel_height = cell * columns, cell * rows
        label = widest_label(picture.axes[0], scale)
        name = max(scale * 32, label + scale * 12)
        left, top, gap_x, gap_y = (scale * pixels for pixels in (60, 112, 46, 74))
        left = max(left, name + round(font(14 * scale).getlength(picture.axes[0].name)) + scale * 12)
        gap_x = max(gap_x, label + scale * 16)
        panels = tuple(
            Box(left + column * (panel_width + gap_x), top + row * (panel_height + gap_y), panel_width, panel_height)
            for row, column in picture.places
        )
        right, bottom = max(box.right for box in panels), max(box.bottom for box in panels)
        bar = Box(right + 24 * scale, top, 14 * scale, bottom - top)
        curves = Box(left, bottom + 84 * scale, right - left, 96 * scale) if losses else None
        width, height = bar.right + 72 * scale, (curves.bottom if curves else bottom) + 58 * scale
        return cls(panels, bar, curves, width + width % 2, height + height % 2, cell, scale, name)

    @property
    def margin(self) -> int:
        """Empty pixels around the picture."""
        return 24 * self.scale
