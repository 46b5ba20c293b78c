"""Attention between all positions: attending positions down, attended ones across, one panel per head.

It shows one input, or the mean over all of them, with the colour range [0, 1] at every epoch. A click on a pair of positions
opens that pair over all inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.heads import chosen_heads, patterns_of
from headlapse.visualization.pictures import Grids, Opening, grids
from headlapse.visualization.planes import MEAN, At, inputs_in_words, place_control, reduced
from headlapse.visualization.position_controls import ONE_PAIR, layer_controls
from headlapse.visualization.views import Controls, EpochData, View, ViewRegistry


def picture_attention_positions(
    epoch_data: EpochData, epoch: int, run: RunLabels, *, layer: int | None = None, at: At | None = None
) -> Grids:
    """The attention between all positions, in the heads of one `layer` or all.

    `at` gives, for each axis of the inputs, a place counted from 0, or "mean", the default. Raises
    `OutOfRangeError` for a place or layer that does not exist.
    """
    patterns = patterns_of(epoch_data, run.axis_names)
    heads, names, layers = chosen_heads(run, len(patterns), layer)
    where = dict.fromkeys(run.axis_names, MEAN) | dict(at or {})
    values = reduced(patterns[heads], run.axes, where)
    to = _axis("to", values.shape[1], run.position_labels)
    from_ = _axis("from", values.shape[2], run.from_position_labels)
    picture = grids(values, names, (to, from_), subject=inputs_in_words(run.axes, where), epoch=epoch, groups=layers)
    places = ("to", "from") if len(run.axes) > 1 else ("to",)
    return replace(picture, openings=tuple(Opening(ONE_PAIR, head, {}, places) for head in range(len(names))))


def _axis(name: str, size: int, labels: Sequence[str]) -> Axis:
    return Axis(name, size, tuple(labels) if len(labels) == size else None)


def _controls(labels: RunLabels) -> Controls:
    return (*(place_control(axis, MEAN) for axis in labels.axes), *layer_controls(labels))


ViewRegistry.register(
    View(
        name="attention_positions",
        title="Position by position",
        analyzer="attention_patterns",
        picture=picture_attention_positions,
        controls=_controls,
        reads={"patterns": "head to from *axes"},
    )
)
