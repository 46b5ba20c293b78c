"""Heat maps of attention over all inputs: rows are a, columns are b, one panel per head.

The colour range is [0, 1] at every epoch unless asked otherwise: a range that follows the shown epoch hides
the growth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np
from jaxtyping import Float

from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.visualization.controls import ColorChoice, ColumnsChoice, Head, OriginChoice, PositionPair, ScaleChoice
from headlapse.visualization.figures import heat_map_figure
from headlapse.visualization.format import epoch_in_words, head_in_words, pair_in_words
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import HeatMaps, Look, heat_maps
from headlapse.visualization.views import View, ViewRegistry

if TYPE_CHECKING:
    import plotly.graph_objects as go

Patterns = Float[np.ndarray, "head to from p p"]


def render_attention_heads(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    to_position: int = -1,
    from_position: int = 0,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    *,
    width: int | None = None,
    height: int | None = None,
    **look: Unpack[Look],
) -> go.Figure:
    """What every head gives from `to_position` to `from_position`, on all inputs, at one epoch.

    `epoch_data["patterns"]` is `(n_heads, n_positions, n_positions, p, p)` as `ArtifactLoader.load_epoch`
    returns it. Negative positions count from the end. `look`: origin, color_range, scale, midpoint, columns.
    Raises `IndexError` for a position that does not exist and `ValueError` for another shape.
    """
    picture = picture_attention_heads(
        epoch_data,
        epoch,
        to_position=to_position,
        from_position=from_position,
        position_labels=position_labels,
        title=title,
        **look,
    )
    return heat_map_figure(picture, width, height)


def render_attention_single_head(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    head_idx: int = 0,
    to_position: int = -1,
    from_position: int = 0,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    *,
    width: int | None = None,
    height: int | None = None,
    **look: Unpack[Look],
) -> go.Figure:
    """One head of `render_attention_heads`, large."""
    picture = picture_attention_single_head(
        epoch_data,
        epoch,
        head_idx=head_idx,
        to_position=to_position,
        from_position=from_position,
        position_labels=position_labels,
        title=title,
        **look,
    )
    return heat_map_figure(picture, width, height)


def picture_attention_heads(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    *,
    to_position: int = -1,
    from_position: int = 0,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture that `render_attention_heads` makes a figure of."""
    patterns = _patterns(epoch_data, position_labels)
    to, from_ = _pair(patterns, to_position, from_position)
    names = tuple(head_in_words(head) for head in range(len(patterns)))
    return heat_maps(patterns[:, to, from_], names, **_titles(title, epoch, to, from_, position_labels), **look)


def picture_attention_single_head(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    *,
    head_idx: int = 0,
    to_position: int = -1,
    from_position: int = 0,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture that `render_attention_single_head` makes a figure of."""
    patterns = _patterns(epoch_data, position_labels)
    head = resolved("head_idx", head_idx, len(patterns))
    to, from_ = _pair(patterns, to_position, from_position)
    titles = _titles(title, epoch, to, from_, position_labels)
    return heat_maps(patterns[head : head + 1, to, from_], (head_in_words(head),), **titles, **look)


def _patterns(epoch_data: Mapping[str, np.ndarray], position_labels: Sequence[str] | None) -> Patterns:
    if "patterns" not in epoch_data:
        raise UnknownNameError.among("array", "patterns", epoch_data)
    patterns = np.asarray(epoch_data["patterns"])
    shape = patterns.shape
    if len(shape) != 5 or shape[1] != shape[2] or shape[3] != shape[4] or 0 in shape:
        raise InvalidValueError(f"patterns must be (n_heads, n_positions, n_positions, p, p), got {shape}")
    if position_labels is not None and len(position_labels) != shape[1]:
        raise InvalidValueError(f"position_labels must name {shape[1]} positions, got {position_labels}")
    return patterns


def _pair(patterns: Patterns, to_position: int, from_position: int) -> tuple[int, int]:
    n_positions = patterns.shape[1]
    to = resolved("to_position", to_position, n_positions)
    return to, resolved("from_position", from_position, n_positions)


def _titles(title: str | None, epoch: int, to: int, from_: int, position_labels: Sequence[str] | None) -> dict[str, str]:
    """Subject and title of a picture: as given, or in words."""
    if title is not None:
        return {"subject": title, "title": title}
    subject = pair_in_words(to, from_, position_labels)
    return {"subject": subject, "title": f"{subject} · {epoch_in_words(epoch)}"}


READS = {"patterns": "head to from a b"}

ViewRegistry.register(
    View(
        name="attention_heads_grid",
        title="Attention heads",
        analyzer="attention_patterns",
        render=render_attention_heads,
        picture=picture_attention_heads,
        controls=(PositionPair(), ColorChoice, ScaleChoice, OriginChoice, ColumnsChoice),
        reads=READS,
    )
)
ViewRegistry.register(
    View(
        name="attention_single_head",
        title="Single head",
        analyzer="attention_patterns",
        render=render_attention_single_head,
        picture=picture_attention_single_head,
        controls=(Head(), PositionPair(), ColorChoice, ScaleChoice, OriginChoice),
        reads=READS,
    )
)
