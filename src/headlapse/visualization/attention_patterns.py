"""Attention of every head over all inputs: the first axis down, the second to the right, one panel per head.

By default, the colour range is [0, 1] at every epoch: a range that follows the shown epoch would hide
the growth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from headlapse import checks
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import finite
from headlapse.visualization.figures import grids_figure
from headlapse.visualization.format import pair_in_words, position_in_words
from headlapse.visualization.head_waves import wave_controls, waves_over
from headlapse.visualization.heads import chosen_heads, inputs_by_position, labels_for, patterns_of
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import AXIS_NAMES, Grids, Look, grids
from headlapse.visualization.planes import At, elsewhere, plane, plane_controls
from headlapse.visualization.position_controls import FromPosition, Head, PositionPair, ToPosition, layer_controls
from headlapse.visualization.views import Controls, EpochData, View, ViewRegistry

if TYPE_CHECKING:
    import plotly.graph_objects as go


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
    """The attention that `to_position` gives to `from_position` in every head, on all inputs, at one epoch.

    `epoch_data["patterns"]` is `(n_heads, n_positions, n_positions, *axes)` with two axes, as `ArtifactLoader.load_epoch`
    returns it. Negative positions count from the end. `head_labels` names the heads, by default "Head 0", "Head 1", ...
    `look`: origin, color_range, scale, midpoint, columns. Raises `OutOfRangeError` for a position that does not exist,
    `InvalidValueError` for arrays of another shape or type, NaN, and any other value that cannot be drawn.

    >>> arrays = variant.artifacts.load_epoch("attention_patterns", 60)
    >>> render_attention_heads(arrays, 60, position_labels=["a", "b", "="]).layout.title.text
    '= attending to a · epoch 60'
    """
    labels = _labels(epoch_data, head_labels, position_labels, axis_names)
    chosen: dict[str, Any] = {"to_position": to_position, "from_position": from_position, "title": title}
    picture = picture_attention_heads(epoch_data, checks.whole("epoch", epoch), labels, **chosen)
    return grids_figure(picture.looking(**look), width, height)


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
    labels = _labels(epoch_data, head_labels, position_labels, axis_names)
    chosen = {"head_idx": head_idx, "to_position": to_position, "from_position": from_position}
    picture = picture_attention_single_head(epoch_data, checks.whole("epoch", epoch), labels, **chosen, title=title)
    return grids_figure(picture.looking(**look), width, height)


def picture_attention_heads(
    epoch_data: EpochData,
    epoch: int,
    run: RunLabels,
    *,
    to_position: int = -1,
    from_position: int = 0,
    layer: int | None = None,
    shown: Sequence[str] | None = None,
    at: At | None = None,
    order: str | None = None,
    waves: bool = False,
    title: str | None = None,
) -> Grids:
    """The attention that one position gives to another in the heads of one `layer` or all, over two axes of the inputs.

    Inputs with one axis are rows, and every position that is attended to has a column. With more than two axes, `shown` names
    two of them and `at` the places on the others; `order` is the order of places (see `planes.plane`). With `waves`, the
    strongest frequency of each head along each axis is drawn over it (see `head_waves`).
    """
    patterns = patterns_of(epoch_data, run.axis_names)
    heads, names, layers = chosen_heads(run, len(patterns), layer)
    to = resolved("to_position", to_position, patterns.shape[1])
    if len(run.axes) == 1:
        values, axes = inputs_by_position(patterns[heads, to], run.axes[0], run.from_position_labels)
        subject = f"{position_in_words(to, run.position_labels)} attending"
    else:
        from_ = resolved("from_position", from_position, patterns.shape[2])
        values, axes = plane(patterns[heads, to, from_], run.axes, shown, at, order)
        subject = pair_in_words(to, from_, run.position_labels, run.from_position_labels) + elsewhere(run.axes, axes, at)
    curves = waves_over(values, axes, order) if waves else ()
    return _titled(grids(values, names, axes, subject=subject, epoch=epoch, groups=layers, curves=curves), title)


def picture_attention_single_head(
    epoch_data: EpochData, epoch: int, run: RunLabels, *, head_idx: int = 0, title: str | None = None, **options: Any
) -> Grids:
    """One panel of `picture_attention_heads`."""
    patterns = patterns_of(epoch_data, run.axis_names)
    head = resolved("head_idx", head_idx, len(patterns))
    only = {**epoch_data, "patterns": patterns[head : head + 1]}
    one = RunLabels((run.head_labels[head],), run.position_labels, run.axes, run.from_position_labels)
    return picture_attention_heads(only, epoch, one, **options, title=title)


def _labels(
    epoch_data: EpochData,
    head_labels: Sequence[str] | None,
    position_labels: Sequence[str] | None,
    axis_names: Sequence[str],
) -> RunLabels:
    """The labels of complete patterns. Raises `InvalidValueError` for others."""
    patterns = patterns_of(epoch_data, axis_names)
    finite("patterns", patterns)
    return labels_for(patterns, head_labels, position_labels, axis_names)


def _titled(picture: Grids, title: str | None) -> Grids:
    """With the caller's title instead of the default one."""
    if title is None:
        return picture
    return replace(picture, title=checks.text("title", title), subject=title)


def _controls(labels: RunLabels) -> Controls:
    from_ = (FromPosition("patterns", 2),) if len(labels.axes) > 1 else ()
    return (ToPosition("patterns", 1), *from_, *plane_controls(labels), *wave_controls(labels.axes), *layer_controls(labels))


READS = {"patterns": "head to from *axes"}

ViewRegistry.register(
    View(
        name="attention_heads_grid",
        title="Attention heads",
        analyzer="attention_patterns",
        picture=picture_attention_heads,
        controls=_controls,
        aliases=(PositionPair(),),
        reads=READS,
    )
)
ViewRegistry.register(
    View(
        name="attention_single_head",
        title="Single head",
        analyzer="attention_patterns",
        picture=picture_attention_single_head,
        controls=lambda labels: (Head(), *(control for control in _controls(labels) if control.name != "layer")),
        aliases=(PositionPair(),),
        reads=READS,
    )
)
