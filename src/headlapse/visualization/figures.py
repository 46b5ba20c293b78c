"""Plotly figures of pictures, and the pieces that all figures share."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from headlapse import checks
from headlapse.families.axes import Axis
from headlapse.visualization import theme
from headlapse.visualization.colors import ColorScale
from headlapse.visualization.lines import EPOCH, Lines, Plot
from headlapse.visualization.pictures import Curve, Grids
from headlapse.visualization.ticks import index_ticks

if TYPE_CHECKING:
    import plotly.graph_objects as go

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
GAP_X, GAP_Y = 44, 60  # pixels between heat maps, enough for ticks that are numbers and for names
LETTER, TICKS = 7.5, 6  # approximate pixels of a letter; maximum number of ticks of an axis


def figure_of(picture: Grids | Lines) -> go.Figure:
    """`picture` as a plotly figure."""
    return grids_figure(picture) if isinstance(picture, Grids) else lines_figure(picture)


def grids_figure(picture: Grids, width: int | None = None, height: int | None = None) -> go.Figure:
    """`picture` as a figure: one heat map per panel, zoomed together, with one colour bar for all."""
    from plotly.subplots import make_subplots

    side, label = 160 + 400 // picture.columns, _longest_tick(picture.axes[0])
    gap, margin = max(GAP_X, label + 20), {**MARGIN, "l": max(MARGIN["l"], label + 36)}
    around_x, around_y = margin["l"] + MARGIN["r"], MARGIN["t"] + MARGIN["b"]
    usual_width = picture.columns * side + (picture.columns - 1) * gap + around_x
    usual_height = picture.rows * side + (picture.rows - 1) * GAP_Y + around_y
    width = size("width", width, around_x + picture.columns * gap) or usual_width
    height = size("height", height, around_y + picture.rows * GAP_Y) or usual_height
    figure = make_subplots(
        rows=picture.rows,
        cols=picture.columns,
        specs=[
            [{} if (row, column) in picture.places else None for column in range(picture.columns)]
            for row in range(picture.rows)
        ],
        subplot_titles=[text(name) for name in picture.names],
        horizontal_spacing=gap / (width - around_x),
        vertical_spacing=GAP_Y / (height - around_y),
    )
    for panel, (row, column) in enumerate(picture.places):
        figure.add_trace(_heat_map(picture, panel), row=row + 1, col=column + 1)
    for curve in picture.curves:
        row, column = picture.places[curve.panel]
        figure.add_trace(_curve(curve), row=row + 1, col=column + 1)
    _share_axes(figure, picture, (width - around_x - (picture.columns - 1) * gap) // picture.columns)
    figure.update_layout(
        title={"text": text(picture.heading), "x": 0.5, "xanchor": "center", "y": 1 - 24 / height},
        coloraxis=_color_axis(picture.colors, picture.value_label),
        font=FONT,
        margin=margin,
        width=width,
        height=height,
    )
    return figure


def lines_figure(picture: Lines, width: int | None = None, height: int | None = None) -> go.Figure:
    """`picture` as a figure: its plots stacked on one x axis, the losses first if it has them."""
    from plotly.subplots import make_subplots

    plots = [*([picture.losses] if picture.losses else []), *picture.plots]
    heights = [0.35 if plot is picture.losses else 0.65 for plot in plots]
    figure = make_subplots(rows=len(plots), cols=1, shared_xaxes=True, row_heights=heights, vertical_spacing=0.06)
    for row, plot in enumerate(plots, start=1):
        _add_plot(figure, plot, row)
    for mark in picture.marks:
        dash = "dash" if mark.color == "muted" else "dot"
        line = {"color": theme.color_of(mark.color), "width": 1.5, "dash": dash}
        figure.add_vline(x=mark.epoch, line=line, row="all" if dash == "dash" else len(plots))
    if picture.x_label == EPOCH and picture.epoch is not None:
        figure.add_vline(x=picture.epoch, line={"color": theme.color_of("muted"), "width": 1.5})
    figure.update_xaxes(tickformat=",d" if picture.x_label == EPOCH else "", showgrid=False)
    figure.update_xaxes(title_text=text(picture.x_label), row=len(plots), col=1)
    if picture.x_ticks is not None:
        places = index_ticks(len(picture.x_ticks))
        figure.update_xaxes(tickvals=places, ticktext=[text(picture.x_ticks[place]) for place in places])
    return figure.update_layout(
        title={"text": text(picture.heading), "x": 0.5, "xanchor": "center"},
        font=FONT,
        hovermode="x unified",
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.16, "yanchor": "top"},
        margin={"l": 70, "r": 20, "t": 56, "b": 84},
        width=size("width", width),
        height=size("height", height) or 520,
    )


def size(name: str, pixels: object, least: int = 10) -> int | None:
    """Pixels of a figure, or None for the usual size; plotly draws nothing in fewer than ten."""
    return None if pixels is None else checks.whole(name, pixels, least=least)


def text(words: str) -> str:
    """`words`, escaped for plotly, which would read '<s>' as a tag."""
    return escape(words, quote=False)


def _heat_map(picture: Grids, panel: int) -> go.Heatmap:
    import plotly.graph_objects as go

    name, (down, right) = text(picture.names[panel]), picture.axes
    cell = f"{text(down.name)} = {_shown(down, 'y')}, {text(right.name)} = {_shown(right, 'x')}"
    hover = f"{name}<br>{cell}<br>{text(picture.value_label)} %{{z:.4f}}<extra></extra>"
    ticked = {"text": _cells(down, right)} if down.ticks or right.ticks else {}
    return go.Heatmap(z=picture.values[panel], name=name, coloraxis="coloraxis", hovertemplate=hover, **ticked)


def _shown(axis: Axis, name: str) -> str:
    return f"%{{{name}}}" if axis.ticks is None else f"%{{text[{0 if name == 'y' else 1}]}}"


def _cells(down: Axis, right: Axis) -> list[list[list[str]]]:
    """Names of the places of every cell, for the hover."""
    rows, columns = (axis.ticks or [str(place) for place in range(axis.size)] for axis in (down, right))
    return [[[text(row), text(column)] for column in columns] for row in rows]


def _curve(curve: Curve) -> go.Scatter:
    import plotly.graph_objects as go

    line = {"color": "white", "width": 1.5}
    return go.Scatter(x=curve.columns, y=curve.rows, mode="lines", line=line, showlegend=False, hoverinfo="skip")


def _add_plot(figure: go.Figure, plot: Plot, row: int) -> None:
    import plotly.graph_objects as go

    for series in plot.series:
        line = {"color": theme.color_of(series.color), "width": 1.8, **({"dash": "dash"} if series.dashed else {})}
        hover = "%{y:.2g}" if plot.log else "%{y:.3f}"
        figure.add_trace(
            go.Scatter(x=series.x, y=series.y, name=text(series.name), line=line, hovertemplate=hover), row=row, col=1
        )
    for level in plot.levels:
        figure.add_hline(y=level, line={"color": "#bbbbbb", "width": 1}, row=row)
    kind = {"type": "log", "exponentformat": "power"} if plot.log else {"rangemode": "tozero"}
    limits = {} if plot.limits is None or plot.log else {"range": list(plot.limits)}
    figure.update_yaxes(title_text=text(plot.label), row=row, col=1, **kind, **limits)


def _share_axes(figure: go.Figure, picture: Grids, side: int) -> None:
    """The same square axes for every panel, `side` pixels long; names of the axes only at the outer edge."""
    down, right = picture.axes
    y_ends, x_ends = [-0.5, down.size - 0.5], [-0.5, right.size - 0.5]
    figure.update_xaxes(AXIS, range=x_ends, tickangle=0, **_ticks(right, side // (_longest_tick(right) + 12)))
    figure.update_yaxes(AXIS, range=y_ends[::-1] if picture.origin == "upper" else y_ends, **_ticks(down, TICKS))
    figure.update_layout(yaxis_scaleanchor="x")
    for axes, first in ((figure.select_xaxes(), "x"), (figure.select_yaxes(), "y")):
        for other in list(axes)[1:]:  # plotly.js complains about an axis that matches itself
            other.matches = first
    for row, column in picture.places:
        if (row + 1, column) not in picture.places:
            figure.update_xaxes(title_text=text(right.name), row=row + 1, col=column + 1)
        if column == 0:
            figure.update_yaxes(title_text=text(down.name), row=row + 1, col=column + 1)


def _longest_tick(axis: Axis) -> int:
    """About how many pixels the longest name of a place takes; 0 if places are numbers."""
    return round(LETTER * max(map(len, axis.ticks))) if axis.ticks else 0


def _ticks(axis: Axis, most: int) -> dict[str, Any]:
    """Names of places, if numbers are not enough."""
    if axis.ticks is None:
        return {}
    places = index_ticks(axis.size, min(max(most, 2), TICKS))
    return {"tickvals": places, "ticktext": [text(axis.ticks[place]) for place in places]}


def _color_axis(colors: ColorScale, label: str) -> dict[str, Any]:
    scale = [[place, "rgb({:.0f}, {:.0f}, {:.0f})".format(*rgb)] for place, rgb in colors.stops]
    bar = {"title": {"text": text(label), "side": "right"}, "thickness": 14, "outlinewidth": 0, "x": 1.02}
    return {"cmin": colors.low, "cmax": colors.high, "colorscale": scale, "colorbar": bar}
