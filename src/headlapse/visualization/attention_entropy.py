"""Heat maps of attention entropy over all inputs: the first axis down, the second to the right, one panel per head.

The colour range is [0, log(number of positions)] at every epoch unless asked otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from headlapse import checks
from headlapse.visualization.arrays import array_of
from headlapse.visualization.controls import OriginChoice, ScaleChoice
from headlapse.visualization.figures import heat_map_figure
from headlapse.visualization.format import epoch_in_words, position_in_words
from headlapse.visualization.indices import checked_labels, resolved
from headlapse.visualization.pictures import AXIS_NAMES, HeatMaps, Look, heat_maps, named_heads, two
from headlapse.visualization.run_controls import ToPosition
from headlapse.visualization.views import View, ViewRegistry

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
    """How spread the attention of `to_position` is in every head, on all inputs, at one epoch; in nats.

    `epoch_data["entropy"]` is `(n_heads, n_positions, *axes)` with two axes. Raises `OutOfRangeError` for a position that does
    not exist, `InvalidValueError` for arrays of another shape or type, with NaN, and for any other value that cannot be drawn.
    """
    picture = picture_attention_entropy(
        epoch_data,
        epoch,
        to_position=to_position,
        position_labels=position_labels,
        title=title,
        head_labels=head_labels,
        axis_names=axis_names,
        **look,
    )
    return heat_map_figure(picture, width, height)


def picture_attention_entropy(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    *,
    to_position: int = -1,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    head_labels: Sequence[str] | None = None,
    axis_names: Sequence[str] = AXIS_NAMES,
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture that `render_attention_entropy` makes a figure of."""
    entropy = array_of(epoch_data, "entropy", f"n_heads n_positions {' '.join(two(axis_names))}")
    n_positions = entropy.shape[1]
    to = resolved("to_position", to_position, n_positions)
    subject = f"spread of attention, {position_in_words(to, checked_labels(position_labels, n_positions))} attending"
    moment = epoch_in_words(checks.whole("epoch", epoch))
    color_range = look.get("color_range", "fixed")
    if isinstance(color_range, str) and color_range == "fixed":
        look["color_range"] = (0.0, math.log(n_positions))
    return heat_maps(
        entropy[:, to],
        named_heads(head_labels, len(entropy)),
        axis_names=two(axis_names),
        subject=subject,
        title=f"{subject} · {moment}" if title is None else checks.text("title", title),
        value_label="entropy (nats)",
        **look,
    )


ViewRegistry.register(
    View(
        name="attention_entropy_grid",
        title="Attention entropy",
        analyzer="attention_entropy",
        render=render_attention_entropy,
        picture=picture_attention_entropy,
        controls=(ToPosition(array="entropy", axis=1), ScaleChoice, OriginChoice),
        reads={"entropy": "head to *axes"},
    )
)
