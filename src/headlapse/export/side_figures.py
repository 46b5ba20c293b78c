"""The plotly figure of one moment, for one run or several side by side with their names above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headlapse.export.images import with_difference
from headlapse.export.sides import Sides
from headlapse.visualization import figures

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAME = 36  # pixels for the name above a side
AXIS = re.compile(r"([xy])(axis)?(\d*)")
LINKS = ("anchor", "matches", "scaleanchor")  # from one axis to the next
Plain = Mapping[str, Any]


def figure_of(sides: Sides) -> go.Figure:
    """The figure of the only moment."""
    (moment,) = sides.moments
    if sides.only is not None:
        return sides.only.figure(moment.shown[0])
    return beside([figures.figure_of(part.picture) for part in with_difference(sides.at(moment))], sides.words)


def beside(parts: Sequence[go.Figure], names: Sequence[str]) -> go.Figure:
    """Figures of grids from left to right in one figure; the first ones have names."""
    import plotly.graph_objects as go

    layouts = [part.layout.to_plotly_json() for part in parts]
    width = sum(layout["width"] for layout in layouts)
    height = NAME + max(layout["height"] for layout in layouts)
    whole: dict[str, Any] = {"width": width, "height": height, "margin": dict.fromkeys("lrtb", 0), "font": figures.FONT}
    data, annotations, left, before = [], [], 0, 0
    for number, (part, layout) in enumerate(zip(parts, layouts, strict=True)):
        place = _Place(layout, left, width, height, before, number)
        data += [place.trace(trace.to_plotly_json()) for trace in part.data]
        whole |= dict(place.axes())
        annotations += [*place.annotations(), place.name(names[number] if number < len(names) else "")]
        left, before = left + layout["width"], before + sum(key.startswith("xaxis") for key in layout)
    return go.Figure(data, {**whole, "annotations": annotations})


@dataclass(frozen=True)
class _Place:
    """The place of a figure with this layout in the whole one, in pixels, and the number of axes `before` its own."""

    layout: Plain
    left: int
    width: int
    height: int
    before: int
    number: int

    def trace(self, trace: Plain) -> dict[str, Any]:
        """A trace on the axes and in the colours of this figure."""
        moved = {key: self._named(trace[key]) for key in ("xaxis", "yaxis") if key in trace}
        return {**trace, **moved, **({"coloraxis": self._colors} if "coloraxis" in trace else {})}

    def axes(self) -> Iterator[tuple[str, Any]]:
        """Its axes and its colour axis, by their names in the whole figure."""
        for key, axis in self.layout.items():
            if key.startswith(("xaxis", "yaxis")):
                to_paper = self._x if key[0] == "x" else self._y
                links = {link: self._named(axis[link]) for link in LINKS if link in axis}
                yield self._named(key), {**axis, **links, "domain": [to_paper(end) for end in axis["domain"]]}
        colors = self.layout["coloraxis"]
        high = (self._y(1) - self._y(0), self._y(0.5))
        bar = {**colors["colorbar"], "x": self._x(colors["colorbar"]["x"]), "len": high[0], "y": high[1], "yanchor": "middle"}
        yield self._colors, {**colors, "colorbar": bar}

    def annotations(self) -> Iterator[Plain]:
        """The names of its panels, and its title."""
        for one in self.layout["annotations"]:
            yield {**one, "x": self._x(one["x"]), "y": self._y(one["y"])}
        title = {"x": (self.left + self.layout["width"] / 2) / self.width, "y": 1 - (NAME + 24) / self.height}
        yield _words(self.layout["title"]["text"], size=17, xanchor="center", **title)

    def name(self, words: str) -> Plain:
        """The name above it."""
        return _words(figures.text(words), size=15, xanchor="left", x=self._x(0), y=1 - NAME / 2 / self.height)

    @property
    def _colors(self) -> str:
        return f"coloraxis{self.number + 1}" if self.number else "coloraxis"

    def _named(self, axis: str) -> str:
        """The name of an axis such as "x2" or "yaxis" in the whole figure."""
        found = AXIS.fullmatch(axis)
        assert found is not None, "an axis"
        letter, word, number = found.groups(default="")
        moved = int(number or 1) + self.before
        return letter + word + (str(moved) if moved > 1 else "")

    def _x(self, share: float) -> float:
        margin = self.layout["margin"]
        inside = self.layout["width"] - margin["l"] - margin["r"]
        return float((self.left + margin["l"] + share * inside) / self.width)

    def _y(self, share: float) -> float:
        margin, own = self.layout["margin"], self.layout["height"]
        bottom = self.height - NAME - own + margin["b"]
        return float((bottom + share * (own - margin["t"] - margin["b"])) / self.height)


def _words(text: str, size: int, **place: Any) -> Plain:
    return {
        "text": text,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "yanchor": "middle",
        "font": {"size": size},
        **place,
    }
