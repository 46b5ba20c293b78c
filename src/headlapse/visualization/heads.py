"""Shared by pictures of heads: their arrays, the shown heads, and their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError, OutOfRangeError
from headlapse.families.axes import Axis
from headlapse.models.heads import head_layers
from headlapse.results.run import RunLabels
from headlapse.visualization.arrays import array_of
from headlapse.visualization.format import position_in_words
from headlapse.visualization.indices import checked_labels
from headlapse.visualization.pictures import named_heads


def patterns_of(epoch_data: Mapping[str, Any], axis_names: Sequence[str]) -> Any:
    """The patterns, `(heads, to, from, *axes)`. Raises `InvalidValueError` for another shape."""
    return array_of(epoch_data, "patterns", f"n_heads n_to n_from {sizes_of(axis_names)}")


def sizes_of(axis_names: Sequence[str]) -> str:
    """One word per axis, for `array_of`."""
    return " ".join("_".join(name.split()) for name in axis_names)


def labels_for(
    array: Any, head_labels: Sequence[str] | None, position_labels: Sequence[str] | None, axis_names: Sequence[str]
) -> RunLabels:
    """Labels for an array `(heads, positions, ..., *axes)` with only some known names.

    Raises `InvalidValueError` if the number of names differs from the number of heads or positions.
    """
    n_heads, n_positions = array.shape[:2]
    sizes = array.shape[len(array.shape) - len(axis_names) :]
    given = checked_labels(position_labels, n_positions)
    positions = given or [position_in_words(position, None) for position in range(n_positions)]
    axes = tuple(Axis(name, size) for name, size in zip(axis_names, sizes, strict=True))
    return RunLabels(named_heads(head_labels, n_heads), tuple(positions), axes)


def chosen_heads(run: RunLabels, n_heads: int, layer: int | None) -> tuple[slice, tuple[str, ...], tuple[int, ...]]:
    """The shown heads, those of one layer or all, with their names and layers.

    Raises `OutOfRangeError` for a layer that does not exist.
    """
    if len(run.head_labels) != n_heads:
        raise InvalidValueError(f"the patterns have {n_heads} heads, the run has {len(run.head_labels)}")
    layers = head_layers(run.head_labels)
    if layer is None:
        return slice(None), run.head_labels, layers
    wanted = checks.whole("layer", layer)
    if wanted not in layers:
        raise OutOfRangeError(f"layer {layer} is out of range; valid: 0 to {max(layers)}")
    chosen = slice(layers.index(wanted), len(layers) - layers[::-1].index(wanted))
    return chosen, run.head_labels[chosen], layers[chosen]


def inputs_by_position(
    values: np.ndarray, inputs: Axis, position_labels: Sequence[str]
) -> tuple[np.ndarray, tuple[Axis, Axis]]:
    """`values`, `(head, position, input)`, with the inputs down and the positions to the right, and these axes."""
    ticks = tuple(position_labels) if len(position_labels) == values.shape[1] else None
    return values.swapaxes(1, 2), (inputs, Axis("position", values.shape[1], ticks))
