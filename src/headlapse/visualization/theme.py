"""Colours and fonts of everything that is not data, light and dark.

`theme.json` is their one source: figures and images take them from here, and `make web` puts them into the style sheets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Theme:
    """Colours of a drawn picture; colour-blind readers can distinguish train and test."""

    paper: str
    ink: str
    muted: str
    line: str
    train: str
    test: str


_SOURCE = json.loads(files("headlapse.visualization").joinpath("theme.json").read_text(encoding="utf-8"))

FONT: str = _SOURCE["font"]
SERIES: tuple[str, ...] = tuple(_SOURCE["series"])
SCALARS: tuple[str, ...] = tuple(_SOURCE["scalars"])  # none is the colour of a head
"""Colours of heads and other series, visible on light and dark backgrounds and distinct from those of the losses."""
COLORS: Mapping[str, Mapping[str, str]] = {name: _SOURCE[name] for name in ("light", "dark")}
THEMES = {
    name: Theme(colors["paper"], colors["text"], colors["soft"], colors["line"], colors["train"], colors["test"])
    for name, colors in COLORS.items()
}


def color_of(color: int | str, of: str = "light") -> str:
    """The colour of a series by its number or role ("train", "test", "muted"), or a CSS colour unchanged."""
    if isinstance(color, int):
        return SERIES[color % len(SERIES)]
    theme = THEMES[of]
    return {"train": theme.train, "test": theme.test, "muted": "#808080"}.get(color, color)
