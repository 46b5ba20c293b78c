"""The part of the attention to keep: layers, heads, positions, a mean over inputs, single or half precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from torch import Tensor

from headlapse import checks
from headlapse.errors import InvalidValueError, OutOfRangeError
from headlapse.families.axes import Axis, checked_axes
from headlapse.recording.layers import Layer
from headlapse.results.run import RunLabels
from headlapse.results.run_layout import RunLayout

DTYPES = ("float32", "float16")
REDUCTIONS = ("none", "mean")


@dataclass(frozen=True)
class Selection:
    """`heads` are numbers among the heads of the chosen `layers`; None means all positions. `mean` averages over all inputs."""

    layers: tuple[Layer, ...]
    heads: tuple[int, ...]
    to_positions: tuple[int, ...] | None
    from_positions: tuple[int, ...] | None
    mean: bool
    dtype: str

    def of(self, weights: Sequence[Tensor]) -> np.ndarray:
        """The selected part of the chosen layers' `(input, head, to, from)`, with the same axes, in single precision."""
        parts = []
        first = 0
        for layer in weights:
            last = first + layer.shape[1]
            own = [head - first for head in self.heads if first <= head < last]
            first = last
            if own:
                kept = layer if len(own) == layer.shape[1] else layer[:, own]
                kept = kept if self.to_positions is None else kept[:, :, list(self.to_positions)]
                kept = kept if self.from_positions is None else kept[..., list(self.from_positions)]
                parts.append(kept.float().cpu().numpy())
        joined: np.ndarray = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        return joined

    def with_partial_rows(self) -> Self:
        """The same, with positions to attend to named one by one: the rows of such a run may sum to less than 1."""
        places = tuple(range(self.layers[0].shape.from_))
        return self if self.from_positions is not None else replace(self, from_positions=places)

    @property
    def head_labels(self) -> tuple[str, ...]:
        """`Head 0` if the model has one layer; `L0H1`, beginning with the layer's place in the forward pass, if it has more."""
        if len(self.layers) == 1 and self.layers[0].place == 0:
            names = [f"Head {head}" for head in range(self.layers[0].heads)]
        else:
            names = [f"L{layer.place}H{head}" for layer in self.layers for head in range(layer.heads)]
        return tuple(names[head] for head in self.heads)


def selection_of(
    layers: Sequence[Layer], *, heads: Sequence[int] | None, positions: Any, reduce: str | None, dtype: str
) -> Selection:
    """The checked selection. `positions` are numbers, or a dict of them under "to" and "from". Raises `InvalidValueError`."""
    total = sum(layer.heads for layer in layers)
    shape = layers[0].shape
    chosen = tuple(range(total)) if heads is None else tuple(sorted(_numbers("heads", heads, total)))
    by_side = dict(positions) if isinstance(positions, Mapping) else {"to": positions, "from": positions}
    checks.known("side of positions", by_side, ("to", "from"))
    to, from_ = (
        None if by_side.get(side) is None else _numbers(f"positions {side}", by_side[side], size)
        for side, size in (("to", shape.to), ("from", shape.from_))
    )
    checks.one_of("reduce", "none" if reduce is None else reduce, REDUCTIONS)
    checks.one_of("dtype", dtype, DTYPES)
    return Selection(tuple(layers), chosen, to, from_, reduce == "mean", dtype)


def layout_of(selection: Selection, axes: Sequence[Axis], rows_may_be_empty: bool) -> RunLayout:
    """The layout of the artifacts."""
    shape = selection.layers[0].shape
    return RunLayout(
        heads=len(selection.heads),
        positions=shape.to,
        axes=tuple(axis.size for axis in axes),
        dtype=selection.dtype,
        to_positions=selection.to_positions,
        from_positions=selection.from_positions,
        rows_may_be_empty=rows_may_be_empty,
        sources=None if shape.from_ == shape.to else shape.from_,
    )


def labels_of(
    selection: Selection, axes: Sequence[Axis], to_labels: Sequence[str] | None, from_labels: Sequence[str] | None
) -> RunLabels:
    """The names of the stored heads and positions. Raises `InvalidValueError` unless every position has one label."""
    shape = selection.layers[0].shape
    to = _labels("position_labels", to_labels, shape.to, selection.to_positions)
    if from_labels is None and shape.from_ == shape.to:
        from_labels = to_labels
    from_ = _labels("from_position_labels", from_labels, shape.from_, selection.from_positions)
    return RunLabels(selection.head_labels, to, tuple(axes), from_)


def axes_of(axes: Any, rows: int, mean: bool) -> tuple[Axis, ...]:
    """The axes that enumerate the rows of a probe: `Axis`es, pairs of name and size (or ticks), or a dict of these.

    By default, and for a mean, the only axis is `input`. Raises `InvalidValueError` if the axes do not enumerate the rows.
    """
    if axes is None:
        named = [Axis("input", rows)]
    else:
        pairs = axes.items() if isinstance(axes, Mapping) else checks.several(lambda _, each: each, "axes", axes, "axes")
        named = [_axis(pair) for pair in pairs]
    checked = checked_axes(named, rows)
    return (Axis("input", 1, (f"mean of {rows:,}",)),) if mean else checked


def _axis(given: Any) -> Axis:
    if isinstance(given, Axis):
        return given
    match given:
        case (str(name), size) if checks.as_whole(size) is not None:
            return Axis(name, int(size))
        case (str(name), [*ticks] | tuple(ticks)):
            return Axis(name, len(ticks), tuple(map(str, ticks)))
    raise checks.wrong("each of axes", "an Axis, or a name with a size or a list of ticks", given)


def _numbers(name: str, given: Any, size: int) -> tuple[int, ...]:
    """Indices into `size` items; negative ones count from the end."""
    found = checks.some(lambda _, value: checks.whole(name, value, least=-size), name, given, "number")
    beyond = [number for number in found if number >= size]
    if beyond:
        raise OutOfRangeError(f"{name} {beyond[0]} does not exist; there are {size}, 0 to {size - 1}")
    numbers = tuple(number % size for number in found)
    if len(set(numbers)) < len(numbers):
        raise InvalidValueError(f"{name} must not repeat a number, got {checks.shown(given)}")
    return numbers


def _labels(name: str, given: Sequence[str] | None, size: int, kept: Sequence[int] | None) -> tuple[str, ...]:
    labels = [str(place) for place in range(size)] if given is None else checks.several(_label, name, given, "labels")
    if len(labels) != size:
        raise InvalidValueError(f"{name} must be {size} labels, one per position of the model, got {len(labels)}")
    return tuple(labels if kept is None else [labels[place] for place in kept])


def _label(_name: str, value: Any) -> str:
    return str(value)
