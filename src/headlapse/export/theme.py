"""Colours and type of drawn pictures, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PIL import ImageFont

from headlapse.errors import UnknownNameError


@dataclass(frozen=True)
class Theme:
    """Colours of everything that is not data; train and test are told apart by colour-blind eyes."""

    paper: str
    ink: str
    muted: str
    line: str
    train: str
    test: str


THEMES = {
    "light": Theme(paper="#ffffff", ink="#1a1d21", muted="#5c6570", line="#c4cad1", train="#0072b2", test="#d55e00"),
    "dark": Theme(paper="#14171a", ink="#eceff2", muted="#9aa4ae", line="#454d55", train="#56b4e9", test="#e69f00"),
}


def get_theme(name: str) -> Theme:
    """The theme called `name`; "auto", which pages take from the reader's system, is light in images.

    Raises `UnknownNameError` listing the known ones.
    """
    if name not in ("auto", *THEMES):
        raise UnknownNameError.among("theme", name, ["auto", *THEMES])
    return THEMES.get(name, THEMES["light"])


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font, so that pictures look the same on every machine. Its digits are equally wide."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    return loaded
