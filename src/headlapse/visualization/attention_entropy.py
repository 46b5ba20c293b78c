"""Heat maps of attention entropy over all inputs: the first axis down, the second to the right, one panel per head.

By default, the colour range is [0, log(number of positions)] at every epoch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from headlapse import checks
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import array_of, finite
from headlapse.visualization.figures import grids_figure
from headlapse.visualization.format import position_in_words
from headlapse.visualization.heads import chosen_heads, inputs_by_position, labels_for, sizes_of
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import AXIS_NAMES, Grids, Look, grids
from headlapse.visualization.planes import At, elsewhere, plane, plane_controls
from headlapse.visualization.position_controls import ToPosition, layer_controls
from headlapse.visualization.views import Controls, EpochData, View, ViewRegistry

if TYPE_CHECKING:
    import plotly.graph_objects as go


def render_attention_entropy(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    to_position: int = -1,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    *,
    head_labels: Sequence[str] | None = None,
    axis_names: Sequence[str] = AXIS_NAMES,
    width: int | None = None,
    height: int | None = None,
    **look: Unpack[Look],
) -> go.Figure:
    """The entropy of the attention of `to_position` in every head, on all inputs, at one epoch; in nats.

    `epoch_data["entropy"]` is `(n_heads, n_positions, *axes)` with two axes. Raises `OutOfRangeError` for a position that does
    not exist, `InvalidValueError` for arrays of another shape or type, with NaN, and for any other value that cannot be drawn.
    """
    entropy = _entropy(epoch_data, axis_names)
    finite("entropy", entropy)
    labels = labels_for(entropy, head_labels, position_labels, axis_names)
    picture = picture_attention_entropy(epoch_data, checks.whole("epoch", epoch), labels, to_position=to_position)
    if title is not None:
        picture = replace(picture, title=checks.text("title", title))
    return grids_figure(picture.looking(**look), width, height)


def picture_attention_entropy(
    epoch_data: EpochData,
    epoch: int,
    run: RunLabels,
    *,
    to_position: int = -1,
    layer: int | None = None,
    shown: Sequence[str] | None = None,
    at: At | None = None,
    order: str | None = None,
) -> Grids:
    """The entropy of the attention of one position, over two axes of the inputs (see `planes.plane`), in nats.

    Inputs with one axis are rows, and every position has a column.
    """
    entropy = _entropy(epoch_data, run.axis_names)
    n_positions = entropy.shape[1]
    heads, names, layers = chosen_heads(run, len(entropy), layer)
    if len(run.axes) == 1:
        subject = "spread of attention"
        values, axes = inputs_by_position(entropy[heads], run.axes[0], run.position_labels)
    else:
        to = resolved("to_position", to_position, n_positions)
        subject = f"spread of attention, {position_in_words(to, run.position_labels)} attending"
        values, axes = plane(entropy[heads, to], run.axes, shown, at, order)
        subject += elsewhere(run.axes, axes, at)
    look: dict[str, Any] = {"value_label": "entropy (nats)", "limits": (0.0, math.log(max(n_positions, 2)))}
    return grids(values, names, axes, subject=subject, epoch=epoch, groups=layers, **look)


def _entropy(epoch_data: EpochData, axis_names: Sequence[str]) -> Any:
    return array_of(epoch_data, "entropy", f"n_heads n_positions {sizes_of(axis_names)}")


def _controls(labels: RunLabels) -> Controls:
    to = (ToPosition("entropy", 1),) if len(labels.axes) > 1 else ()
    return (*to, *plane_controls(labels), *layer_controls(labels))


ViewRegistry.register(
    View(
        name="attention_entropy_grid",
        title="Attention entropy",
        analyzer="attention_entropy",
        picture=picture_attention_entropy,
        controls=_controls,
        reads={"entropy": "head to *axes"},
    )
)
