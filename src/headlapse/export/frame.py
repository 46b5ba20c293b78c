"""A picture at an epoch, and the text above it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from PIL import ImageDraw, ImageFont

from headlapse.export.theme import Theme, font
from headlapse.visualization.format import epoch_in_words, loss_in_words

SIZES = range(21, 8, -1)  # of the subject, from the largest


@dataclass(frozen=True)
class Frame:
    """`picture` is a `Grids` or a `Lines`; it has no `epoch` if it shows several. Losses are NaN if unknown."""

    picture: Any
    epoch: int | None
    train_loss: float = float("nan")
    test_loss: float = float("nan")


def write_header(draw: ImageDraw.ImageDraw, frame: Frame, at: tuple[int, int], theme: Theme, scale: int) -> None:
    """Write subject, epoch and losses, starting at `at` (left, top); a long subject is written small enough to fit."""
    left, top = at
    small = font(15 * scale)
    room = draw.im.size[0] - left - 12 * scale
    draw.text((left, top), frame.picture.subject, theme.ink, largest_font(frame.picture.subject, room, scale))
    y = top + 34 * scale
    if frame.epoch is not None:
        draw.text((left, y), epoch_in_words(frame.epoch), theme.ink, small)
    facts = [("test", frame.test_loss, theme.test), ("train", frame.train_loss, theme.train)]
    for place, (name, loss, color) in enumerate(facts):
        if isfinite(loss):
            words = f"{name} loss {loss_in_words(loss)}"
            draw.text((left + (124 + 136 * place) * scale, y), words, color, small)


def largest_font(text: str, room: int, scale: int, sizes: range = SIZES) -> ImageFont.FreeTypeFont:
    """The largest font of `sizes` in which `text` is not wider than `room`, or the smallest one."""
    fonts = [font(size * scale) for size in sizes]
    return next((each for each in fonts if each.getlength(text) <= room), fonts[-1])
