"""Heat maps of attention entropy over all inputs: rows are a, columns are b, one panel per head.

The colour range is [0, log(number of positions)] at every epoch unless asked otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.visualization.controls import OriginChoice, ScaleChoice
from headlapse.visualization.figures import heat_map_figure
from headlapse.visualization.format import epoch_in_words, head_in_words, position_in_words
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import HeatMaps, Look, heat_maps
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
    width: int | None = None,
    height: int | None = None,
    **look: Unpack[Look],
) -> go.Figure:
    """How spread the attention of `to_position` is in every head, on all inputs, at one epoch; in nats.

    `epoch_data["entropy"]` is `(n_heads, n_positions, p, p)`. Raises `IndexError` for a position that does not exist and
    `ValueError` for another shape.
    """
    picture = picture_attention_entropy(
        epoch_data, epoch, to_position=to_position, position_labels=position_labels, title=title, **look
    )
    return heat_map_figure(picture, width, height)


def picture_attention_entropy(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    *,
    to_position: int = -1,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture that `render_attention_entropy` makes a figure of."""
    if "entropy" not in epoch_data:
        raise UnknownNameError.among("array", "entropy", epoch_data)
    entropy = np.asarray(epoch_data["entropy"])
    if entropy.ndim != 4 or entropy.shape[2] != entropy.shape[3]:
        raise InvalidValueError(f"entropy must be (n_heads, n_positions, p, p), got {entropy.shape}")
    n_positions = entropy.shape[1]
    to = resolved("to_position", to_position, n_positions)
    subject = f"spread of attention, {position_in_words(to, position_labels)} attending"
    if look.get("color_range", "fixed") == "fixed":
        look["color_range"] = (0.0, math.log(n_positions))
    return heat_maps(
        entropy[:, to],
        tuple(head_in_words(head) for head in range(len(entropy))),
        subject=subject,
        title=title or f"{subject} · {epoch_in_words(epoch)}",
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
        reads={"entropy": "head to a b"},
    )
)
