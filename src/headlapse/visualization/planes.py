"""The two axes of the inputs that a grid shows, their order, and the places on the other axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.axis_orders import in_order, order_controls
from headlapse.visualization.controls import Choice
from headlapse.visualization.indices import resolved
from headlapse.visualization.views import Control, Option

MEAN = "mean"
At = Mapping[str, "int | str"]


def plane(
    values: np.ndarray,
    axes: Sequence[Axis],
    shown: Sequence[str] | None = None,
    at: At | None = None,
    order: str | None = None,
) -> tuple[np.ndarray, tuple[Axis, Axis]]:
    """`values`, `(panel, *axes)`, as `(panel, y, x)` over two of the axes, which are returned too.

    `shown` names the two, rows first, by default the first two. `at` gives the place on each other axis: a number counted from
    0, or "mean" to average over it; the default is 0. `order` is the order of places on both, see `axis_orders.in_order`; the
    ticks of the axes then show the real numbers. Raises `InvalidValueError`, `UnknownNameError` or `OutOfRangeError`.
    """
    names = [axis.name for axis in axes]
    chosen = names[:2] if shown is None else [_known(names, name) for name in shown]
    if len(set(chosen)) != 2:
        raise InvalidValueError(f"a grid needs two different axes of {', '.join(names)}; got {', '.join(chosen) or 'none'}")
    others = [name for name in names if name not in chosen]
    for name in at or {}:
        _known(names, name)
    left = reduced(values, axes, {name: (at or {}).get(name, 0) for name in others})
    kept = [name for name in names if name in chosen]
    if kept != chosen:
        left = left.swapaxes(-1, -2)
    down, right = (axes[names.index(name)] for name in chosen)
    return in_order(left, (down, right), order)


def reduced(values: np.ndarray, axes: Sequence[Axis], at: At) -> np.ndarray:
    """`values`, whose last axes are `axes`, at one place of each axis in `at`, or averaged over it."""
    values = np.asarray(values)
    first = values.ndim - len(axes)
    for place, axis in reversed(list(enumerate(axes))):
        if axis.name not in at:
            continue
        where = at[axis.name]
        if where == MEAN:
            values = values.mean(axis=first + place, dtype=np.float64)
        else:
            values = values.take(resolved(axis.name, where, axis.size), axis=first + place)
    return values


def plane_controls(labels: RunLabels) -> tuple[Control, ...]:
    """The controls of the axes.

    With two axes of numbers modulo p, the order of their places; with three or more axes, which two are shown, and the places
    on the others.
    """
    if len(labels.axes) <= 2:
        return order_controls(labels.axes)
    pairs = combinations(labels.axis_names, 2)
    options = tuple((Option(f"{y},{x}", f"{y} down, {x} right"), {"shown": (y, x)}) for y, x in pairs)
    return Choice("plane", "Axes", options), *(place_control(axis, "0") for axis in labels.axes)


def place_control(axis: Axis, first: str) -> Choice:
    """The place on an axis: one of its places, or the mean. `first` is the default."""
    values = [MEAN, *map(str, range(axis.size))]
    values.sort(key=lambda value: value != first)
    options = tuple((Option(value, _words(axis, value)), {"at": {axis.name: _place(value)}}) for value in values)
    return Choice(f"at-{axis.name}", f"{axis.name}", options)


def elsewhere(axes: Sequence[Axis], shown: Sequence[Axis], at: At | None) -> str:
    """The places on those of `axes` that a grid does not show, in the words of `at_in_words`."""
    names = {axis.name for axis in shown}
    others = [axis for axis in axes if axis.name not in names]
    return at_in_words(others, {axis.name: (at or {}).get(axis.name, 0) for axis in others})


def at_in_words(axes: Sequence[Axis], at: At) -> str:
    """Words such as ", c = 3, mean over d"; empty without any."""
    words = {axis.name: _words(axis, str(at[axis.name])) for axis in axes if axis.name in at}
    return "".join(f", mean over {name}" if word == "mean over all" else f", {name} = {word}" for name, word in words.items())


def inputs_in_words(axes: Sequence[Axis], at: At) -> str:
    """Words such as "input = 3", or "mean over all inputs" if no place is given."""
    if all(place == MEAN for place in at.values()):
        return "mean over all inputs"
    return at_in_words(axes, at).removeprefix(", ")


def _words(axis: Axis, value: str) -> str:
    if value == MEAN:
        return "mean over all"
    return value if axis.ticks is None else axis.ticks[int(value)]


def _place(value: str) -> int | str:
    return value if value == MEAN else int(value)


def _known(names: Sequence[str], name: Any) -> str:
    if checks.text("an axis", name) not in names:
        raise UnknownNameError.among("axis", name, names)
    return str(name)
