"""The knobs of views over attention patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.results.run import RunLabels
from headlapse.visualization.colors import DIVERGING, SEQUENTIAL
from headlapse.visualization.format import pair_in_words
from headlapse.visualization.views import EpochData, Option


@dataclass(frozen=True)
class PositionPair:
    """Which position attends to which: '2:0' is from position 2 to position 0.

    Under the causal mask some pairs never change: nothing attends to a later position, and the first position
    attends to itself alone. They come last and say so.
    """

    name: str = "pair"
    label: str = "Positions"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:
        n_positions = epoch_data["patterns"].shape[1]
        pairs = [(to, from_) for to in reversed(range(n_positions)) for from_ in range(n_positions)]
        pairs.sort(key=lambda pair: is_constant(*pair))
        return [_pair_option(*pair, labels.position_labels) for pair in pairs]

    def arguments(self, value: str) -> dict[str, Any]:
        to_position, _, from_position = value.partition(":")
        try:
            return {"to_position": int(to_position), "from_position": int(from_position)}
        except ValueError as error:
            raise checks.wrong("pair", "TO:FROM, as in '2:0' or '-1:0'", value) from error


@dataclass(frozen=True)
class Head:
    """Which head a view of one head shows."""

    name: str = "head"
    label: str = "Head"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [Option(str(head), label) for head, label in enumerate(labels.head_labels)]

    def arguments(self, value: str) -> dict[str, Any]:
        try:
            return {"head_idx": int(value)}
        except ValueError as error:
            raise checks.wrong("head", "the number of a head", value) from error


@dataclass(frozen=True)
class Choice:
    """One of a few fixed options; `choices` maps each value to its words and the renderer's keywords."""

    name: str
    label: str
    choices: tuple[tuple[Option, dict[str, Any]], ...]

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [option for option, _ in self.choices]

    def arguments(self, value: str) -> dict[str, Any]:
        for option, arguments in self.choices:
            if option.value == value:
                return arguments
        allowed = ", ".join(option.value for option, _ in self.choices)
        raise InvalidValueError(f"{self.name} must be one of {allowed}; got {checks.shown(value)}")


@dataclass(frozen=True)
class RangeChoice(Choice):
    """The colour range: one of the options, 'LOW..HIGH', or 'around-MIDPOINT', e.g. 'around-1/3'."""

    def arguments(self, value: str) -> dict[str, Any]:
        low, dots, high = value.partition("..")
        try:
            if dots:
                return {"color_range": (float(low), float(high))}
            if value.startswith("around-"):
                return {"midpoint": float(Fraction(value.removeprefix("around-")))}
            return super().arguments(value)
        except (ValueError, ZeroDivisionError) as error:
            allowed = "fixed, epoch, LOW..HIGH (such as 0..0.5) or around-MIDPOINT (such as around-1/3)"
            raise InvalidValueError(f"{self.name} must be {allowed}; got {checks.shown(value)}") from error


ColorChoice = RangeChoice(
    "color",
    "Colour",
    (
        (Option("fixed", "Fixed 0 to 1"), {"color_range": "fixed"}),
        (Option("epoch", "Range of this epoch"), {"color_range": "epoch"}),
        (Option("around-0", "Around 0"), {"midpoint": 0.0}),
        (Option("around-1/3", "Around 1/3"), {"midpoint": 1 / 3}),
    ),
)
ScaleChoice = Choice(
    "scale",
    "Scale",
    (
        (Option("auto", "Automatic"), {"scale": None}),
        *((Option(name, name), {"scale": name}) for name in (*SEQUENTIAL, *DIVERGING)),
    ),
)
ColumnsChoice = Choice(
    "columns",
    "Columns",
    (
        (Option("auto", "Automatic"), {"columns": None}),
        *((Option(str(columns), f"{columns} side by side"), {"columns": columns}) for columns in (1, 2, 3, 4, 6, 8)),
    ),
)
OriginChoice = Choice(
    "origin",
    "Origin",
    (
        (Option("upper", "a = 0 at the top"), {"origin": "upper"}),
        (Option("lower", "a = 0 at the bottom"), {"origin": "lower"}),
    ),
)


def is_constant(to_position: int, from_position: int) -> bool:
    """Whether the causal mask fixes the weight: 0 towards later positions, 1 from the first to itself."""
    return from_position > to_position or to_position == 0


def _pair_option(to_position: int, from_position: int, position_labels: Sequence[str]) -> Option:
    words = pair_in_words(to_position, from_position, position_labels)
    if is_constant(to_position, from_position):
        words += f" (always {int(from_position == to_position)})"
    return Option(f"{to_position}:{from_position}", words)
