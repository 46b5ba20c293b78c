"""When each head locks in: a timeline per head under the losses, and marks for a slider.

Distances are between a head's own attention patterns at two checkpoints, in [0, 1]; docs/lock_in.md explains what they measure
and what can mislead.

Lock-in of a run that has not grokked is neither marked nor listed, because its last pattern is not final. If no test accuracy
is recorded, this is unknown, and lock-in is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import arrays_of
from headlapse.visualization.controls import Choice
from headlapse.visualization.figures import lines_figure
from headlapse.visualization.format import epoch_in_words, position_in_words
from headlapse.visualization.heads import labels_for
from headlapse.visualization.indices import resolved
from headlapse.visualization.lines import Lines, Mark, Plot, Series, series_of
from headlapse.visualization.pictures import named_heads
from headlapse.visualization.position_controls import Threshold, ToPosition
from headlapse.visualization.views import EpochData, Option, View, ViewRegistry

if TYPE_CHECKING:
    import plotly.graph_objects as go

Quantity = Literal["distance", "change", "entropy"]
QUANTITIES: dict[str, str] = {
    "distance": "distance to the final pattern",
    "change": "change since the previous checkpoint",
    "entropy": "attention entropy (nats)",
}
READS = {
    **dict.fromkeys(("epochs", "train_loss", "test_loss", "test_accuracy"), "epoch"),
    **dict.fromkeys(QUANTITIES, "epoch head to"),
    **{"lock_in": "threshold head to", "thresholds": "threshold", "grokking_epoch": ""},
}


def lock_in_epochs(epoch_data: EpochData, to_position: int = -1, threshold: float | None = None) -> list[float]:
    """The epoch at which each head locks in, relative to the last epoch of the run.

    NaN if a head locks in only at the final checkpoint, and for all heads of a run that has not grokked (`has_settled`).
    """
    arrays = arrays_of(epoch_data, READS)
    to = _position(arrays, to_position)
    epochs: list[float] = arrays["lock_in"][_threshold_index(arrays, threshold), :, to].tolist()
    return [math.nan] * len(epochs) if has_settled(arrays) is False else epochs


def has_settled(epoch_data: EpochData) -> bool | None:
    """Whether the run has grokked by its last epoch; None if no test accuracy is recorded."""
    if math.isfinite(float(epoch_data["grokking_epoch"])):
        return True
    return False if np.isfinite(epoch_data["test_accuracy"]).any() else None


def lock_in_marks(
    epoch_data: EpochData,
    to_position: int = -1,
    threshold: float | None = None,
    head_labels: Sequence[str] | None = None,
) -> list[Mark]:
    """Where each head locks in and where the run groks, by epoch; heads that do not lock in have no mark.

    Raises `InvalidValueError` for a threshold that was not computed and `IndexError` for a position that does not exist.
    """
    epochs = lock_in_epochs(epoch_data, to_position, threshold)
    settled = [(head, int(epoch)) for head, epoch in enumerate(epochs) if math.isfinite(epoch)]
    names = named_heads(head_labels, len(epochs))
    last = epoch_in_words(int(epoch_data["epochs"][-1]))
    marks = [Mark(epoch, f"{names[head]} locks in, relative to {last}", head) for head, epoch in settled]
    grokking = float(epoch_data["grokking_epoch"])
    if math.isfinite(grokking):
        marks.append(Mark(int(grokking), "test accuracy reaches 0.99"))
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

    `epoch_data` has the arrays of the analyzer `attention_lock_in`. `quantity` is `distance` or `change` (total variation, in
    [0, 1]) or `entropy` (nats). `threshold` is one of the computed thresholds; None takes the first. A grey line marks
    `epoch`.
    """
    arrays = arrays_of(epoch_data, READS)
    labels = labels_for(arrays["distance"][0], head_labels, position_labels, ())
    chosen: dict[str, Any] = {"to_position": to_position, "quantity": quantity, "threshold": threshold}
    picture = picture_lock_in_timeline(arrays, epoch, labels, **chosen)
    if title is not None:
        picture = replace(picture, title=checks.text("title", title))
    return lines_figure(picture, width, height)


def picture_lock_in_timeline(
    epoch_data: EpochData,
    epoch: int | None,
    run: RunLabels,
    *,
    to_position: int = -1,
    quantity: Quantity = "distance",
    threshold: float | None = None,
) -> Lines:
    """The picture of `render_lock_in_timeline`, with the losses in their own field."""
    arrays = arrays_of(epoch_data, READS)
    to = _position(arrays, to_position)
    checks.known("quantity", [checks.text("quantity", quantity)], QUANTITIES)
    index = _threshold_index(arrays, threshold)
    levels = (float(arrays["thresholds"][index]),) if quantity == "distance" else ()
    heads = series_of(run.head_labels, arrays["epochs"], arrays[quantity][:, :, to])
    return Lines(
        (Plot(_quantity_in_words(quantity, arrays), heads, levels=levels),),
        subject=f"When heads lock in: {position_in_words(to, run.position_labels)} attending",
        epoch=checks.optional(checks.whole, "epoch", epoch),
        marks=tuple(lock_in_marks(arrays, to, threshold, run.head_labels)),
        losses=_losses(arrays),
    )


def _quantity_in_words(quantity: Quantity, arrays: EpochData) -> str:
    if quantity != "distance":
        return QUANTITIES[quantity]
    return f"distance to the pattern at {epoch_in_words(int(arrays['epochs'][-1]))}"


def _losses(arrays: EpochData) -> Plot:
    epochs = np.asarray(arrays["epochs"], np.float64)
    parts = ("train", "test")
    return Plot("loss (nats)", tuple(Series(f"{part} loss", epochs, arrays[f"{part}_loss"], part) for part in parts), log=True)


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
        title="When heads lock in",
        analyzer="attention_lock_in",
        picture=picture_lock_in_timeline,
        shows="lines",
        controls=(ToPosition("distance", 2), QuantityChoice, Threshold()),
        marks=lock_in_marks,
        reads=READS,
    )
)
