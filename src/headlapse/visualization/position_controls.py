"""Controls over the positions and heads of a run, whose options are its own names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headlapse import checks
from headlapse.models.heads import head_layers
from headlapse.results.run import RunLabels
from headlapse.visualization.format import pair_in_words, position_in_words
from headlapse.visualization.views import EpochData, Option

ALL = "all"
ONE_PAIR = "attention_heads_grid"  # the view of one pair of positions, which other views open


@dataclass(frozen=True)
class ToPosition:
    """The attending position: `axis` of `array`. The last one, where the model answers, comes first."""

    array: str
    axis: int
    name: str = "to"
    label: str = "Attending"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        return _positions(reversed(range(epoch_data[self.array].shape[self.axis])), labels.position_labels)

    def arguments(self, value: str) -> dict[str, Any]:
        return {"to_position": _number(self.name, value)}


@dataclass(frozen=True)
class FromPosition:
    """The attended position: `axis` of `array`."""

    array: str
    axis: int
    name: str = "from"
    label: str = "Attended to"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        return _positions(range(epoch_data[self.array].shape[self.axis]), labels.from_position_labels)

    def arguments(self, value: str) -> dict[str, Any]:
        return {"from_position": _number(self.name, value)}


@dataclass(frozen=True)
class PositionPair:
    """Both positions in one value: '2:0' is from position 2 to position 0; or in words, '=:a' or '= attending to a'."""

    name: str = "pair"
    label: str = "Positions"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        to, from_ = epoch_data["patterns"].shape[1:3]
        labels_of = (labels.position_labels, labels.from_position_labels)
        pairs = [(place, other) for place in reversed(range(to)) for other in range(from_)]
        return [Option(f"{place}:{other}", pair_in_words(place, other, *labels_of)) for place, other in pairs]

    def arguments(self, value: str) -> dict[str, Any]:
        to_position, _, from_position = value.partition(":")
        try:
            return {"to_position": int(to_position), "from_position": int(from_position)}
        except ValueError as error:
            raise checks.wrong("pair", "TO:FROM, as in '2:0' or '-1:0'", value) from error

    def value_of(self, words: str, labels: RunLabels) -> str:
        """The value for '=:a', in which positions may be names or numbers. Raises `InvalidValueError` for any other name."""
        to, _, from_ = words.partition(":")
        known = (labels.position_labels, labels.from_position_labels)
        places = [_place(name, names) for name, names in zip((to, from_), known, strict=True)]
        if None in places:
            raise checks.wrong("pair", f"TO:FROM, as in '2:0', of the positions {', '.join(labels.position_labels)}", words)
        return ":".join(map(str, places))

    def spread(self, value: str) -> dict[str, str]:
        """The same as values of the controls for each position."""
        to, _, from_ = value.partition(":")
        return {"to": to, "from": from_}


@dataclass(frozen=True)
class Head:
    """Which head a view of one head shows."""

    name: str = "head"
    label: str = "Head"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [Option(str(head), label) for head, label in enumerate(labels.head_labels)]

    def arguments(self, value: str) -> dict[str, Any]:
        return {"head_idx": _number(self.name, value)}


@dataclass(frozen=True)
class Layer:
    """The layer whose heads are shown, or all layers."""

    name: str = "layer"
    label: str = "Layer"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        layers = sorted(set(head_layers(labels.head_labels)))
        return [Option(ALL, "All layers"), *(Option(str(layer), f"Layer {layer}") for layer in layers)]

    def arguments(self, value: str) -> dict[str, Any]:
        return {"layer": None if value == ALL else _number(self.name, value)}


@dataclass(frozen=True)
class Threshold:
    """The distance to the final pattern below which a head counts as locked in."""

    name: str = "threshold"
    label: str = "Lock-in threshold"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [Option(repr(value), f"{value:g}") for value in epoch_data["thresholds"].tolist()]

    def arguments(self, value: str) -> dict[str, Any]:
        try:
            return {"threshold": float(value)}
        except ValueError as error:
            raise checks.wrong("threshold", "a number", value) from error


def layer_controls(labels: RunLabels) -> tuple[Layer, ...]:
    """A choice of the layer, if there are several."""
    return (Layer(),) if len(set(head_layers(labels.head_labels))) > 1 else ()


def _positions(places: Any, labels: Sequence[str]) -> list[Option]:
    return [Option(str(place), position_in_words(place, labels)) for place in places]


def _place(name: str, names: Sequence[str]) -> int | None:
    """The position with this name or number, which may count from the end; None if there is no such name."""
    if name in names:
        return list(names).index(name)
    number = int(name) if re.fullmatch(r"-?[0-9]{1,9}", name) else None
    return number if number is None or not -len(names) <= number < 0 else number + len(names)


def _number(name: str, value: str) -> int:
    """`value` as a whole number. Raises `InvalidValueError`."""
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        kind = {"head": "a head", "layer": "a layer"}.get(name, "a position")
        raise checks.wrong(name, f"the number of {kind}", value)
    return int(value)
