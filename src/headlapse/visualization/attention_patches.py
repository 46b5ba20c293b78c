"""Attention over the patches of an image: the weight of each patch, at its place, for one attending position.

There is one panel per head. The view is for runs whose positions are named by row and column, such as "3, 11". Other
positions, such as a class token, can attend, but are not in the picture. The colour range is [0, 1] at every epoch by default.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headlapse.errors import NoPictureError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.format import position_in_words
from headlapse.visualization.heads import chosen_heads, patterns_of
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import Grids, grids
from headlapse.visualization.planes import MEAN, At, inputs_in_words, place_control, reduced
from headlapse.visualization.position_controls import ToPosition, layer_controls
from headlapse.visualization.views import Controls, EpochData, View, ViewRegistry

_ROW_AND_COLUMN = re.compile(r"\D*(\d+)\D+(\d+)\D*")
FEWEST = 2  # rows, and columns


@dataclass(frozen=True)
class Patches:
    """The places of the patches among the positions, row by row."""

    rows: int
    columns: int
    places: tuple[int, ...]

    @classmethod
    def among(cls, labels: Sequence[str]) -> Patches | None:
        """The patches that `labels` name by row and column; None unless they fill a grid, each once."""
        found = {place: _ROW_AND_COLUMN.fullmatch(label) for place, label in enumerate(labels)}
        named = {(int(match[1]), int(match[2])): place for place, match in found.items() if match}
        rows, columns = (sorted({name[axis] for name in named}) for axis in (0, 1))
        is_full = len(named) == len(rows) * len(columns) == sum(match is not None for match in found.values())
        if not is_full or min(len(rows), len(columns)) < FEWEST:
            return None
        return cls(len(rows), len(columns), tuple(named[row, column] for row in rows for column in columns))


def picture_attention_patches(
    epoch_data: EpochData, epoch: int, run: RunLabels, *, to_position: int = -1, layer: int | None = None, at: At | None = None
) -> Grids:
    """The weight that `to_position` gives to every patch, in the heads of one `layer` or all.

    `at` gives, for each axis of the inputs, a place counted from 0, or "mean", the default. Raises `NoPictureError` if the
    positions are no patches, `OutOfRangeError` for a position, place or layer that does not exist.
    """
    patterns = patterns_of(epoch_data, run.axis_names)
    patches = Patches.among(run.from_position_labels)
    if patches is None:
        raise NoPictureError("positions are not named by the row and column of a patch, such as '3, 11'")
    heads, names, layers = chosen_heads(run, len(patterns), layer)
    to = resolved("to_position", to_position, patterns.shape[1])
    where = dict.fromkeys(run.axis_names, MEAN) | dict(at or {})
    values = reduced(patterns[heads, to], run.axes, where)[:, list(patches.places)]
    axes = (Axis("row", patches.rows), Axis("column", patches.columns))
    return grids(
        values.reshape(len(names), patches.rows, patches.columns),
        names,
        axes,
        subject=f"{position_in_words(to, run.position_labels)} attending to patches, {inputs_in_words(run.axes, where)}",
        epoch=epoch,
        groups=layers,
    )


def _controls(labels: RunLabels) -> Controls:
    return (ToPosition("patterns", 1), *(place_control(axis, MEAN) for axis in labels.axes), *layer_controls(labels))


def _suits(labels: RunLabels) -> bool:
    return Patches.among(labels.from_position_labels) is not None


ViewRegistry.register(
    View(
        name="attention_patches",
        title="Attention over an image",
        analyzer="attention_patterns",
        picture=picture_attention_patches,
        controls=_controls,
        reads={"patterns": "head to from *axes"},
        suits=_suits,
    )
)
