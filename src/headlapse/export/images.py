"""Images of one run, or of several side by side with their names above and their difference at the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw

from headlapse.export.difference import difference
from headlapse.export.frame import Frame, largest_font
from headlapse.export.painter import FramePainter, painter_of
from headlapse.export.sides import Sides
from headlapse.export.theme import Theme
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids

NAME = 44  # pixels for the name above a side
NAME_SIZES = range(17, 8, -1)


def images(sides: Sides, theme: Theme, scale: int, curves: bool = True) -> Iterator[Image.Image]:
    """One image per moment, with the loss curves if there are any and `curves` is true."""
    losses = [side.losses if curves and len(side.losses) else None for side in sides.frames]
    painters: list[FramePainter] = []
    for frames in sides:
        parts = with_difference(frames)
        known = [*losses, None][: len(parts)]
        painters = painters or [painter_of(part.picture, theme, scale, of) for part, of in zip(parts, known, strict=True)]
        drawn = [painter.paint(part) for painter, part in zip(painters, parts, strict=True)]
        yield drawn[0] if sides.only else _beside(sides.words, drawn, theme, scale)


def with_difference(frames: tuple[Frame, ...]) -> list[Frame]:
    """The frames of a moment, and their difference if they have one."""
    apart = difference(frames)
    return [*frames, *([] if apart is None else [apart])]


def samples(sides: Sides) -> list[Grids | Lines]:
    """One picture of each kind, for its colours."""
    frames = sides.at(sides.moments[0])
    parts = with_difference(frames)
    return [part.picture for part in (parts[0], *parts[len(frames) :])]


def _beside(names: Sequence[str], drawn: Sequence[Image.Image], theme: Theme, scale: int) -> Image.Image:
    top = NAME * scale
    width, height = sum(image.width for image in drawn), top + max(image.height for image in drawn)
    whole = Image.new("RGB", (width, height + height % 2), theme.paper)
    draw, left = ImageDraw.Draw(whole), 0
    for number, image in enumerate(drawn):
        whole.paste(image, (left, top))
        if number < len(names):
            margin = 60 * scale
            font = largest_font(names[number], image.width - margin - 12 * scale, scale, NAME_SIZES)
            draw.text((left + margin, top), names[number], theme.muted, font, anchor="lb")
        left += image.width
    return whole
