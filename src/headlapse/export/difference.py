"""The difference of two sides with the same panels and axes; the page Compare shows the same."""

from __future__ import annotations

from dataclasses import replace

from headlapse.export.frame import Frame
from headlapse.visualization import wire
from headlapse.visualization.pictures import Grids

DIFFERENCE = "Second minus first"
SIDES = 2  # that have one


def difference(frames: tuple[Frame, ...]) -> Frame | None:
    """The second of two sides minus the first, around 0; None if they cannot be subtracted."""
    pictures = [frame.picture for frame in frames]
    if len(frames) != SIDES or not all(isinstance(picture, Grids) for picture in pictures):
        return None
    first, second = pictures
    if _shared(first) != _shared(second):
        return None
    reach = first.limits[1] - first.limits[0]
    look = {name: value for name, value in first.look.items() if name in ("origin", "columns")}
    apart = replace(
        second,
        values=second.values - first.values,
        subject=DIFFERENCE,
        epoch=None,
        value_label="difference",
        curves=(),
        look=look,
    )
    return Frame(apart.looking(color_range=(-reach, reach), midpoint=0.0), None)


def _shared(picture: Grids) -> object:
    """The properties that two pictures must share."""
    return wire.grids(replace(picture, curves=())), picture.origin, picture.places
