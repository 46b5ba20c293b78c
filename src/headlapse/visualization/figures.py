"""Plotly figures of pictures, and the pieces that all figures share."""

from __future__ import annotations

from html import escape
from typing import Any

import plotly.graph_objects as go

from headlapse import checks
from headlapse.visualization import theme
from headlapse.visualization.colors import ColorScale
from headlapse.visualization.pictures import HeatMaps

FONT = {"family": theme.FONT, "size": 13}
MARGIN = {"l": 60, "r": 90, "t": 84, "b": 52}
AXIS = {
    "constrain": "domain",
    "nticks": 6,
    "showgrid": False,
    "ticklen": 3,
    "ticks": "outside",
    "title": {"standoff": 4},
    "zeroline": False,
}
GAP_X, GAP_Y = 44, 60  # pixels between heat maps, enough for ticks and names


def heat_map_figure(picture: HeatMaps, width: int | None = None, height: int | None = None) -> go.Figure:
    """`picture` as a figure: one heat map per panel, zoomed together, with one colour bar for all."""
    from plotly.subplots import make_subplots

    side = 160 + 400 // picture.columns
    around_x, around_y = MARGIN["l"] + MARGIN["r"], MARGIN["t"] + MARGIN["b"]
    usual_width = picture.columns * side + (picture.columns - 1) * GAP_X + around_x
    usual_height = picture.rows * side + (picture.rows - 1) * GAP_Y + around_y
    width = size("width", width, around_x + picture.columns * GAP_X) or usual_width
    height = size("height", height, around_y + picture.rows * GAP_Y) or usual_height
    figure = make_subplots(
        rows=picture.rows,
        cols=picture.columns,
        subplot_titles=[text(name) for name in picture.names],
        horizontal_spacing=GAP_X / (width - around_x),
        vertical_spacing=GAP_Y / (height - around_y),
    )
    for panel in range(len(picture.names)):
        row, column = divmod(panel, picture.columns)
        figure.add_trace(_heat_map(picture, panel), row=row + 1, col=column + 1)
    _share_axes(figure, picture)
    figure.update_layout(
        title={"text": text(picture.title), "x": 0.5, "xanchor": "center", "y": 1 - 24 / height},
        coloraxis=_color_axis(picture.colors, picture.value_label),
        font=FONT,
        margin=MARGIN,
        width=width,
        height=height,
    )
    return figure


def size(name: str, pixels: object, least: int = 10) -> int | None:
    """Pixels of a figure, or None for the usual size; plotly draws nothing in fewer than ten."""
    return None if pixels is None else checks.whole(name, pixels, least=least)


def text(words: str) -> str:
    """`words` as plotly shows them unchanged; it would read '<s>' as a tag."""
    return escape(words, quote=False)


def _heat_map(picture: HeatMaps, panel: int) -> go.Heatmap:
    name = text(picture.names[panel])
    cell = f"{picture.y_label} = %{{y}}, {picture.x_label} = %{{x}}"
    hover = f"{name}<br>{cell}<br>{picture.value_label} %{{z:.4f}}<extra></extra>"
    return go.Heatmap(z=picture.values[panel], name=name, coloraxis="coloraxis", hovertemplate=hover)


def _share_axes(figure: go.Figure, picture: HeatMaps) -> None:
    """The same square axes for every panel; names of the axes only at the outer edge."""
    y_ends, x_ends = ([-0.5, size - 0.5] for size in picture.values.shape[-2:])
    figure.update_xaxes(AXIS, range=x_ends)
    figure.update_yaxes(AXIS, range=y_ends[::-1] if picture.origin == "upper" else y_ends)
    figure.update_layout(yaxis_scaleanchor="x")
    for axes, first in ((figure.select_xaxes(), "x"), (figure.select_yaxes(), "y")):
        for other in list(axes)[1:]:  # an axis that matches itself is complained about by plotly.js
            other.matches = first
    for panel in range(len(picture.names)):
        row, column = divmod(panel, picture.columns)
        if panel + picture.columns >= len(picture.names):
            figure.update_xaxes(title_text=picture.x_label, row=row + 1, col=column + 1)
        if column == 0:
            figure.update_yaxes(title_text=picture.y_label, row=row + 1, col=column + 1)


def _color_axis(colors: ColorScale, label: str) -> dict[str, Any]:
    scale = [[place, "rgb({:.0f}, {:.0f}, {:.0f})".format(*rgb)] for place, rgb in colors.stops]
    bar = {"title": {"text": text(label), "side": "right"}, "thickness": 14, "outlinewidth": 0, "x": 1.02}
    return {"cmin": colors.low, "cmax": colors.high, "colorscale": scale, "colorbar": bar}
