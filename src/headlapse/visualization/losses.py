"""Loss curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from headlapse import checks
from headlapse.visualization.figures import FONT, text
from headlapse.visualization.format import epoch_in_words
from headlapse.visualization.theme import THEMES

if TYPE_CHECKING:
    import plotly.graph_objects as go

TRAIN_COLOR, TEST_COLOR = THEMES["light"].train, THEMES["light"].test
MARKER = {"color": "#808080", "width": 1.5}


def render_losses(
    train_losses: Sequence[float],
    test_losses: Sequence[float | None],
    epoch: int | None = None,
    title: str | None = None,
) -> go.Figure:
    """Train and test loss on a log axis, as in `variant.metadata`; a line marks `epoch`.

    A train loss belongs to the weights before its optimizer step, a test loss to the weights after it, so the curves
    start at epochs 0 and 1. Lines bridge test losses that were not evaluated (None or NaN). Raises `InvalidValueError`
    for wrong losses, a wrong epoch or a wrong title.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    moment = checks.optional(checks.whole, "epoch", epoch)
    heading = checks.optional(checks.text, "title", title)
    figure.add_trace(_curve("train", train_losses, 0, TRAIN_COLOR))
    figure.add_trace(_curve("test", test_losses, 1, TEST_COLOR))
    if moment is not None:
        figure.add_vline(x=moment, line=MARKER, annotation_text=epoch_in_words(moment))
    figure.update_xaxes(title_text="epoch", tickformat=",d", rangemode="tozero", showgrid=False)
    figure.update_yaxes(title_text="loss (nats)", type="log", exponentformat="power", dtick=1)
    figure.update_layout(
        title={"text": text(heading)} if heading else None,
        font=FONT,
        hovermode="x unified",
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
        margin={"l": 70, "r": 20, "t": 50, "b": 48},
        height=320,
    )
    return figure


def _curve(name: str, losses: Sequence[float | None], first_epoch: int, color: str) -> go.Scatter:
    import plotly.graph_objects as go

    values = np.array(checks.several(_loss, f"{name}_losses", losses, "losses"))
    epochs = np.arange(first_epoch, first_epoch + len(values))
    line = {"color": color, "width": 1.8}
    return go.Scatter(x=epochs, y=values, name=name, mode="lines", connectgaps=True, line=line, hovertemplate="%{y:.2g}")


def _loss(name: str, value: object) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, Real):
        raise checks.wrong(name, "a number, or None if it is not known", value)
    return float(value)
