"""All pairs of positions at a glance: a panel for each pair in each head, over all inputs, in the colour range [0, 1].

Inputs with one axis have a panel for each attending position, over inputs and attended positions. If there were more than
`MOST` panels, only the last positions are shown; the subject says so, and the controls choose others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import isqrt
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.results.run import RunLabels
from headlapse.visualization.heads import chosen_heads, inputs_by_position, patterns_of
from headlapse.visualization.indices import resolved
from headlapse.visualization.pictures import Grids, Opening, grids
from headlapse.visualization.planes import At, at_in_words, plane, plane_controls
from headlapse.visualization.position_controls import ALL, ONE_PAIR, layer_controls
from headlapse.visualization.views import Control, Controls, EpochData, Option, View, ViewRegistry

MOST = 144  # panels


@dataclass(frozen=True)
class Positions:
    """All positions or one: of the attending ones (`axis` 1 of the patterns), or the attended ones (2)."""

    name: str
    label: str
    axis: int

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        names = labels.position_labels if self.axis == 1 else labels.from_position_labels
        places = range(epoch_data["patterns"].shape[self.axis])
        return [Option(ALL, "every position"), *(Option(str(place), names[place]) for place in places)]

    def arguments(self, value: str) -> dict[str, Any]:
        if value != ALL and not (value.isascii() and value.isdigit() and len(value) < 10):
            raise checks.wrong(self.name, f"{ALL!r} or the number of a position", value)
        return {self.name: None if value == ALL else int(value)}


def picture_attention_pairs(
    epoch_data: EpochData,
    epoch: int,
    run: RunLabels,
    *,
    attending: int | None = None,
    attended: int | None = None,
    layer: int | None = None,
    shown: Sequence[str] | None = None,
    at: At | None = None,
    order: str | None = None,
) -> Grids:
    """The attention of every pair of positions in the heads of one `layer` or all.

    `attending` or `attended` keeps one position. `shown`, `at` and `order` are those of `attention_heads_grid`. Raises
    `OutOfRangeError` for a position or layer that does not exist.
    """
    patterns = patterns_of(epoch_data, run.axis_names)
    heads, names, _ = chosen_heads(run, len(patterns), layer)
    if len(run.axes) == 1:
        (to,) = _seen([attending], ["attending"], patterns.shape[1:2], MOST // len(names))
        whole = np.asarray(patterns[heads, to])
        values, axes = inputs_by_position(whole.reshape(-1, *whole.shape[2:]), run.axes[0], run.from_position_labels)
        pairs: list[tuple[int, ...]] = [(place,) for place in _places(to)]
        subject = f"{_who(attending, to, patterns.shape[1], run.position_labels)} attending"
    else:
        asked, sizes = [attending, attended], patterns.shape[1:3]
        to, from_ = _seen(asked, ["attending", "attended"], sizes, MOST // len(names))
        whole = np.asarray(patterns[heads, to, from_])
        values, axes = plane(whole.reshape(-1, *whole.shape[3:]), run.axes, shown, at, order)
        pairs = list(product(_places(to), _places(from_)))
        labels = (run.position_labels, run.from_position_labels)
        who = map(_who, asked, (to, from_), sizes, labels)
        hidden = [axis for axis in run.axes if axis.name not in {one.name for one in axes}]
        subject = " attending to ".join(who) + at_in_words(hidden, {axis.name: (at or {}).get(axis.name, 0) for axis in hidden})
    titles = [f"{_short(name)} {_pair_words(pair, run)}" for name, pair in product(names, pairs)]
    groups = [head for head in range(len(names)) for _ in pairs]
    openings = tuple(Opening(ONE_PAIR, head, _choices(pair)) for head, pair in product(range(len(names)), pairs))
    return replace(grids(values, titles, axes, subject=subject, epoch=epoch, groups=groups), openings=openings)


def _seen(asked: Sequence[int | None], names: Sequence[str], sizes: Sequence[int], most: int) -> list[slice]:
    """Which places of each: the requested one, or the last ones, so that there are at most `most` combinations."""
    free = [size for place, size in zip(asked, sizes, strict=True) if place is None]
    fitting = max(1, most if len(free) < 2 else isqrt(most))
    seen = []
    for place, name, size in zip(asked, names, sizes, strict=True):
        first = max(0, size - fitting) if place is None else resolved(name, place, size)
        seen.append(slice(first, size if place is None else first + 1))
    return seen


def _places(seen: slice) -> range:
    return range(seen.start, seen.stop)


def _who(asked: int | None, seen: slice, size: int, labels: Sequence[str]) -> str:
    count, first = seen.stop - seen.start, labels[seen.start]
    if count == size > 1:
        return "every position"
    if count > 1:
        return f"each of the last {count} of {size} positions"
    return first if asked is not None or size == 1 else f"the last of {size} positions ({first})"


def _short(head: str) -> str:
    """A short name of a head for a small panel: "H0" for "Head 0"."""
    return re.sub(r"^Head (?=\d+$)", "H", head)


def _pair_words(pair: Sequence[int], run: RunLabels) -> str:
    """A pair as the command line writes it, such as "=:a"."""
    return ":".join(labels[place] for place, labels in zip(pair, (run.position_labels, run.from_position_labels), strict=False))


def _choices(pair: Sequence[int]) -> dict[str, str]:
    return {name: str(place) for name, place in zip(("to", "from"), pair, strict=False)}


def _controls(labels: RunLabels) -> Controls:
    attended: tuple[Control, ...] = (Positions("attended", "Attended to", 2),) if len(labels.axes) > 1 else ()
    return (Positions("attending", "Attending", 1), *attended, *plane_controls(labels), *layer_controls(labels))


ViewRegistry.register(
    View(
        name="attention_pairs",
        title="All pairs of positions",
        analyzer="attention_patterns",
        picture=picture_attention_pairs,
        controls=_controls,
        reads={"patterns": "head to from *axes"},
    )
)
