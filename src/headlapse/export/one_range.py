"""One colour range for all sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse
from headlapse.visualization.pictures import Grids


def in_one_range(sides: Sides) -> Sides:
    """All sides with the colour range of the first, or of all their epochs if the colours follow the epoch."""
    limits = _limits(sides)
    if limits is None:
        return sides
    frames = (replace(side, arguments={**side.arguments, "color_range": limits}) for side in sides.frames)
    return replace(sides, frames=tuple(frames))


def grids_at(side: Timelapse, epoch: int) -> Grids:
    """The picture of a side, in a view of grids."""
    picture = side.picture(epoch)
    assert isinstance(picture, Grids), "a view of grids"
    return picture


def _limits(sides: Sides) -> tuple[float, float] | None:
    """The common range; None if a range was given."""
    first, asked = sides.frames[0], sides.frames[0].arguments.get("color_range", "fixed")
    if asked == "epoch" or (isinstance(asked, tuple) and first.chosen.get("color") == "epoch"):
        whole = [replace(side, region=None, panel=None) for side in sides.frames]
        values = [grids_at(side, epoch).values for side in whole for epoch in side.epochs]
        return float(min(np.nanmin(part) for part in values)), float(max(np.nanmax(part) for part in values))
    return grids_at(first, first.epochs[0]).limits if asked == "fixed" else None
