"""Heat maps of attention over all inputs: the first axis down, the second to the right, one panel per head.

The colour range is [0, 1] at every epoch unless asked otherwise: a range that follows the shown epoch hides
the growth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np
from jaxtyping import Float

from headlapse import checks
from headlapse.visualization.arrays import array_of
from headlapse.visualization.controls import ColorChoice, ColumnsChoice, Head, OriginChoice, PositionPair, ScaleChoice
from headlapse.visualization.figures import heat_map_figure
from headlapse.visualization.format import epoch_in_words, pair_in_words
from headlapse.visualization.indices import checked_labels, resolved
from headlapse.visualization.pictures import AXIS_NAMES, HeatMaps, Look, heat_maps, named_heads, two
from headlapse.visualization.views import View, ViewRegistry

if TYPE_CHECKING:
    import plotly.graph_objects as go

Patterns = Float[np.ndarray, "head to from y x"]


def render_attention_heads(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    to_position: int = -1,
    from_position: int = 0,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    *,
    head_labels: Sequence[str] | None = None,
    axis_names: Sequence[str] = AXIS_NAMES,
    width: int | None = None,
    height: int | None = None,
    **look: Unpack[Look],
) -> go.Figure:
    """What every head gives from `to_position` to `from_position`, on all inputs, at one epoch.

    `epoch_data["patterns"]` is `(n_heads, n_positions, n_positions, *axes)` with two axes, as `ArtifactLoader.load_epoch`
    returns it. Negative positions count from the end. `head_labels` names the heads; "Head 0", "Head 1", ... without.
    `look`: origin, color_range, scale, midpoint, columns. Raises `OutOfRangeError` for a position that does not exist,
    `InvalidValueError` for arrays of another shape or type, NaN, and any other value that cannot be drawn.
    """
    picture = picture_attention_heads(
        epoch_data,
        epoch,
        to_position=to_position,
        from_position=from_position,
        position_labels=position_labels,
        title=title,
        head_labels=head_labels,
        axis_names=axis_names,
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
    head_labels: Sequence[str] | None = None,
    axis_names: Sequence[str] = AXIS_NAMES,
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
        head_labels=head_labels,
        axis_names=axis_names,
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
    head_labels: Sequence[str] | None = None,
    axis_names: Sequence[str] = AXIS_NAMES,
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture that `render_attention_heads` makes a figure of."""
    patterns = _patterns(epoch_data, axis_names)
    to, from_ = _pair(patterns, to_position, from_position)
    titles = _titles(title, epoch, to, from_, checked_labels(position_labels, patterns.shape[1]))
    names = named_heads(head_labels, len(patterns))
    return heat_maps(patterns[:, to, from_], names, axis_names=two(axis_names), **titles, **look)


def picture_attention_single_head(
    epoch_data: Mapping[str, np.ndarray],
    epoch: int,
    *,
    head_idx: int = 0,
    to_position: int = -1,
    from_position: int = 0,
    position_labels: Sequence[str] | None = None,
    title: str | None = None,
    head_labels: Sequence[str] | None = None,
    axis_names: Sequence[str] = AXIS_NAMES,
    **look: Unpack[Look],
) -> HeatMaps:
    """The picture that `render_attention_single_head` makes a figure of."""
    patterns = _patterns(epoch_data, axis_names)
    head = resolved("head_idx", head_idx, len(patterns))
    to, from_ = _pair(patterns, to_position, from_position)
    titles = _titles(title, epoch, to, from_, checked_labels(position_labels, patterns.shape[1]))
    name = named_heads(head_labels, len(patterns))[head]
    return heat_maps(patterns[head : head + 1, to, from_], (name,), axis_names=two(axis_names), **titles, **look)


def _patterns(epoch_data: Mapping[str, np.ndarray], axis_names: Sequence[str]) -> Patterns:
    return array_of(epoch_data, "patterns", f"n_heads n_positions n_positions {' '.join(two(axis_names))}")


def _pair(patterns: Patterns, to_position: int, from_position: int) -> tuple[int, int]:
    n_positions = patterns.shape[1]
    to = resolved("to_position", to_position, n_positions)
    return to, resolved("from_position", from_position, n_positions)


def _titles(title: str | None, epoch: int, to: int, from_: int, position_labels: Sequence[str] | None) -> dict[str, str]:
    """Subject and title of a picture: as given, or in words."""
    moment = epoch_in_words(checks.whole("epoch", epoch))
    if title is not None:
        return {"subject": checks.text("title", title), "title": title}
    subject = pair_in_words(to, from_, position_labels)
    return {"subject": subject, "title": f"{subject} · {moment}"}


READS = {"patterns": "head to from *axes"}

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
