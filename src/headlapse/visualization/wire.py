"""Pictures as plain data, in the form that the TypeScript in `web/core` takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.colors import DIVERGING, SEQUENTIAL, color_scale
from headlapse.visualization.lines import Color, Lines, Mark, Plot, Series
from headlapse.visualization.pictures import Grids, Opening
from headlapse.visualization.theme import color_of
from headlapse.visualization.views import EpochData, View


def grids(picture: Grids) -> dict[str, Any]:
    """The parts of a picture that are the same at every epoch, without its look: a `Grids` of `web/core/grids.ts`."""
    described = {
        "titles": list(picture.names),
        "axes": [axis(one) for one in picture.axes],
        "panelName": picture.panel_label,
        "valueName": picture.value_label,
        "range": list(picture.limits),
        "groups": list(picture.groups),
    }
    curves = [{"panel": curve.panel, "rows": list(curve.rows), "columns": list(curve.columns)} for curve in picture.curves]
    openings = [_opening(one) for one in picture.openings]
    return {**described, **({"curves": curves} if curves else {}), **({"openings": openings} if openings else {})}


def _opening(opening: Opening) -> dict[str, Any]:
    places = {"places": list(opening.places)} if opening.places else {}
    return {"view": opening.view, "panel": opening.panel, "choices": dict(opening.choices), **places}


def lines(picture: Lines) -> dict[str, Any]:
    """A `Lines` of `web/core/line_plots.ts`; NaN becomes null. The losses are left out, because pages show them elsewhere."""
    return {
        "plots": [_plot(plot) for plot in picture.plots],
        "xName": picture.x_label,
        "marks": [mark(one) for one in picture.marks],
        **({"xTicks": list(picture.x_ticks)} if picture.x_ticks is not None else {}),
    }


def mark(of: Mark) -> dict[str, Any]:
    """A `Mark`."""
    return {"epoch": of.epoch, "label": of.label, "color": _css(of.color)}


def axis(of: Axis) -> dict[str, Any]:
    """An `Axis`."""
    return {"name": of.name, "size": of.size, **({"ticks": list(of.ticks)} if of.ticks is not None else {})}


def controls(view: View, arrays: EpochData, labels: RunLabels) -> list[dict[str, Any]]:
    """The controls of a view: `arguments` are the keywords of each option; `isLook` if it changes no values."""
    from headlapse.visualization.controls import LOOKS

    return [
        {
            "name": control.name,
            "label": control.label,
            "isLook": control in LOOKS,
            "options": [
                {"value": option.value, "label": option.label, "arguments": control.arguments(option.value)}
                for option in control.options(arrays, labels)
            ],
        }
        for control in view.controls_of(labels)
    ]


def scales() -> dict[str, Any]:
    """The colour scales, and those that "auto" means."""
    stops = {name: color_scale(np.zeros(1), scale=name).stops for name in (*SEQUENTIAL, *DIVERGING)}
    return {"stops": stops, "sequential": SEQUENTIAL[0], "diverging": DIVERGING[0]}


def _plot(plot: Plot) -> dict[str, Any]:
    limits = {} if plot.limits is None else {"range": list(plot.limits)}
    series = [_series(one) for one in plot.series]
    return {"label": plot.label, "isLog": plot.log, "levels": list(plot.levels), "series": series, **limits}


def _series(series: Series) -> dict[str, Any]:
    y = [float(f"{value:.7g}") if np.isfinite(value) else None for value in np.asarray(series.y, np.float64).tolist()]
    x = np.asarray(series.x, np.float64).tolist()
    return {"name": series.name, "x": x, "y": y, "color": _css(series.color), "isDashed": series.dashed}


def _css(color: Color) -> str:
    """A CSS colour, or the name of the theme's variable for it."""
    variables = {"train": "--train", "test": "--test", "muted": "--faint"}
    return variables[color] if isinstance(color, str) and color in variables else color_of(color)
