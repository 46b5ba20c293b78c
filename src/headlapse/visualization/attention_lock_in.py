"""When each head settles: a timeline per head under the losses, and marks for a slider.

Distances are between a head's own attention patterns at two checkpoints, in [0, 1]; docs/lock_in.md says what they measure
and what they can mislead about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.controls import Choice
from headlapse.visualization.figures import FONT, size, text
from headlapse.visualization.format import epoch_in_words, position_in_words
from headlapse.visualization.indices import checked_labels, resolved
from headlapse.visualization.losses import MARKER, TEST_COLOR, TRAIN_COLOR
from headlapse.visualization.pictures import named_heads
from headlapse.visualization.run_controls import Threshold, ToPosition
from headlapse.visualization.theme import SERIES
from headlapse.visualization.views import EpochData, Mark, Option, View, ViewRegistry

Quantity = Literal["distance", "change", "entropy"]
QUANTITIES: dict[str, str] = {
    "distance": "distance to the final pattern",
    "change": "change since the previous checkpoint",
    "entropy": "attention entropy (nats)",
}
READS = {
    **dict.fromkeys(("epochs", "train_loss", "test_loss"), "epoch"),
    **dict.fromkeys(QUANTITIES, "epoch head to"),
    **{"lock_in": "threshold head to", "thresholds": "threshold", "grokking_epoch": ""},
}
GROKKING = {"color": "#808080", "width": 1.5, "dash": "dash"}


def lock_in_epochs(epoch_data: EpochData, to_position: int = -1, threshold: float | None = None) -> list[float]:
    """The epoch at which each head locks in, NaN where it settles at the final checkpoint only."""
    arrays = arrays_of(epoch_data, READS)
    to = _position(arrays, to_position)
    epochs: list[float] = arrays["lock_in"][_threshold_index(arrays, threshold), :, to].tolist()
    return epochs


def lock_in_marks(
    epoch_data: EpochData,
    to_position: int = -1,
    threshold: float | None = None,
    head_labels: Sequence[str] | None = None,
) -> list[Mark]:
    """Where each head locks in and where the run groks, by epoch; heads that never settle have no mark.

    Raises `InvalidValueError` for a threshold that was not computed and `IndexError` for a position that does not exist.
    """
    epochs = lock_in_epochs(epoch_data, to_position, threshold)
    settled = [(head, int(epoch)) for head, epoch in enumerate(epochs) if math.isfinite(epoch)]
    names = named_heads(head_labels, len(epochs))
    marks = [Mark(epoch, f"{names[head]} locks in", _color(head)) for head, epoch in settled]
    grokking = float(epoch_data["grokking_epoch"])
    if math.isfinite(grokking):
        marks.append(Mark(int(grokking), "test accuracy reaches 0.99", str(GROKKING["color"])))
    return sorted(marks, key=lambda mark: mark.epoch)


def render_lock_in_timeline(
    epoch_data: EpochData,
    epoch: int | None = None,
    to_position: int = -1,
    quantity: Quantity = "distance",
    threshold: float | None = None,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    *,
    head_labels: Sequence[str] | None = None,
    width: int | None = None,
    height: int | None = None,
) -> go.Figure:
    """One curve per head over the run, under the losses at the checkpoints; dotted lines mark lock-in, a dashed one grokking.

    `epoch_data` is what the analyzer `attention_lock_in` made. `quantity` is `distance` or `change` (total variation, in
    [0, 1]) or `entropy` (nats). `threshold` is one of those computed; None takes the first. A grey line marks `epoch`.
    """
    from plotly.subplots import make_subplots

    epoch_data = arrays_of(epoch_data, READS)
    to = _position(epoch_data, to_position)
    checks.known("quantity", [checks.text("quantity", quantity)], QUANTITIES)
    marks = lock_in_marks(epoch_data, to, threshold, head_labels)
    width, height = size("width", width), size("height", height)
    heading = _heading(title, epoch, position_in_words(to, checked_labels(position_labels, epoch_data["distance"].shape[2])))
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.35, 0.65], vertical_spacing=0.06)
    for curve in _losses(epoch_data):
        figure.add_trace(curve, row=1, col=1)
    for head, name in enumerate(named_heads(head_labels, epoch_data[quantity].shape[1])):
        figure.add_trace(_head_curve(epoch_data, quantity, head, to, name), row=2, col=1)
    for mark in marks:
        line = GROKKING if mark.color == GROKKING["color"] else {"color": mark.color, "width": 1.5, "dash": "dot"}
        figure.add_vline(x=mark.epoch, line=line, row="all" if line is GROKKING else 2)
    if epoch is not None:
        figure.add_vline(x=epoch, line=MARKER)
    if quantity == "distance":
        level = float(epoch_data["thresholds"][_threshold_index(epoch_data, threshold)])
        figure.add_hline(y=level, line={"color": "#bbbbbb", "width": 1}, row=2)
    return _laid_out(figure, heading, QUANTITIES[quantity], width, height)


def _heading(title: str | None, epoch: int | None, position: str) -> str:
    moment = "" if epoch is None else f" · {epoch_in_words(checks.whole('epoch', epoch))}"
    return f"When heads settle: {position} attending{moment}" if title is None else checks.text("title", title)


def _laid_out(figure: go.Figure, title: str, label: str, width: int | None, height: int | None) -> go.Figure:
    figure.update_xaxes(tickformat=",d", showgrid=False)
    figure.update_xaxes(title_text="epoch", row=2, col=1)
    figure.update_yaxes(title_text="loss (nats)", type="log", exponentformat="power", row=1, col=1)
    figure.update_yaxes(title_text=label, rangemode="tozero", row=2, col=1)
    return figure.update_layout(
        title={"text": text(title), "x": 0.5, "xanchor": "center"},
        font=FONT,
        hovermode="x unified",
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.16, "yanchor": "top"},
        margin={"l": 70, "r": 20, "t": 56, "b": 84},
        width=width,
        height=height or 520,
    )


def _losses(epoch_data: EpochData) -> list[go.Scatter]:
    return [
        go.Scatter(
            x=epoch_data["epochs"],
            y=epoch_data[f"{part}_loss"],
            name=f"{part} loss",
            line={"color": color, "width": 1.8},
            hovertemplate="%{y:.2g}",
        )
        for part, color in (("train", TRAIN_COLOR), ("test", TEST_COLOR))
    ]


def _head_curve(epoch_data: EpochData, quantity: str, head: int, to: int, name: str) -> go.Scatter:
    line = {"color": _color(head), "width": 1.8}
    values = epoch_data[quantity][:, head, to]
    return go.Scatter(x=epoch_data["epochs"], y=values, name=name, line=line, hovertemplate="%{y:.3f}")


def _color(head: int) -> str:
    return SERIES[head % len(SERIES)]


def _position(epoch_data: EpochData, to_position: int) -> int:
    return resolved("to_position", to_position, epoch_data["distance"].shape[2])


def _threshold_index(epoch_data: EpochData, threshold: float | None) -> int:
    known: list[float] = epoch_data["thresholds"].tolist()
    if threshold is None:
        return 0
    threshold = checks.number("threshold", threshold)
    if threshold not in known:
        raise InvalidValueError(f"threshold must be one of {', '.join(f'{value:g}' for value in known)}, got {threshold!r}")
    index: int = known.index(threshold)
    return index


QuantityChoice = Choice(
    "quantity",
    "Quantity",
    tuple((Option(name, words.capitalize()), {"quantity": name}) for name, words in QUANTITIES.items()),
)

ViewRegistry.register(
    View(
        name="attention_lock_in_timeline",
        title="When heads settle",
        analyzer="attention_lock_in",
        render=render_lock_in_timeline,
        controls=(ToPosition(), QuantityChoice, Threshold()),
        marks=lock_in_marks,
        reads=READS,
    )
)
