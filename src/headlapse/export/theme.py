"""Colours and type of images."""

from __future__ import annotations

from functools import cache

from PIL import ImageFont

from headlapse import checks
from headlapse.visualization.theme import THEMES, Theme

__all__ = ["THEMES", "Theme", "font", "get_theme"]


def get_theme(name: str) -> Theme:
    """The theme called `name`; "auto" follows the reader's system in pages and is light in images.

    Raises `UnknownNameError` listing the known ones.
    """
    checks.known("theme", [checks.text("theme", name)], ["auto", *THEMES])
    return THEMES.get(name, THEMES["light"])


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font, so that pictures look the same on every machine. Its digits have equal widths."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    return loaded
