"""Controls that views declare: fixed choices, and how grids are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.results.run import RunLabels
from headlapse.visualization.colors import DIVERGING, SEQUENTIAL
from headlapse.visualization.pictures import BY_LAYER
from headlapse.visualization.views import Control, EpochData, Option

MOST_NAMED = 12  # options, in an error


@dataclass(frozen=True)
class Choice:
    """One of a few fixed options; `choices` maps each value to its words and its arguments.

    An `extra` control keeps its default unless the user sets it: it is not part of file names, and an offline page has its
    options only if there is room. `changes`: see `changed_by`.
    """

    name: str
    label: str
    choices: tuple[tuple[Option, dict[str, Any]], ...]
    extra: bool = False
    changes: str = "values"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        return [option for option, _ in self.choices]

    def arguments(self, value: str) -> dict[str, Any]:
        for option, arguments in self.choices:
            if option.value == value:
                return arguments
        values = [option.value for option, _ in self.choices]
        allowed = values if len(values) <= MOST_NAMED else [*values[:3], "...", values[-1]]
        raise InvalidValueError(f"{self.name} must be one of {', '.join(allowed)}; got {checks.shown(value)}")


def changed_by(control: Control) -> str:
    """The property that its options change: "values", the "order" of places on the axes, or "curves" over the cells."""
    return str(getattr(control, "changes", "values"))


def is_extra(control: Control) -> bool:
    """Whether a control is `extra`; see `Choice`."""
    return bool(getattr(control, "extra", False))


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


@dataclass(frozen=True)
class OriginChoice(Choice):
    """Whether the first place of the vertical axis is at the top or at the bottom."""

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        name = labels.axis_names[0] if len(labels.axes) == 2 else "row"
        return [Option(option.value, option.label.format(axis=name)) for option, _ in self.choices]


COLOR = RangeChoice(
    "color",
    "Colour range",
    (
        (Option("fixed", "Fixed"), {"color_range": "fixed"}),
        (Option("epoch", "Range of this epoch"), {"color_range": "epoch"}),
        (Option("around-0", "Around 0"), {"midpoint": 0.0}),
        (Option("around-1/3", "Around 1/3"), {"midpoint": 1 / 3}),
    ),
)
SCALE = Choice(
    "scale",
    "Colour scale",
    (
        (Option("auto", "Automatic"), {"scale": None}),
        *((Option(name, name), {"scale": name}) for name in (*SEQUENTIAL, *DIVERGING)),
    ),
)
COLUMNS = Choice(
    "columns",
    "Columns",
    (
        (Option("auto", "Automatic"), {"columns": None}),
        (Option(BY_LAYER, "One row per layer"), {"columns": BY_LAYER}),
        *((Option(str(columns), f"{columns} side by side"), {"columns": columns}) for columns in (1, 2, 3, 4, 6, 8)),
    ),
)
ORIGIN = OriginChoice(
    "origin",
    "Origin",
    (
        (Option("upper", "{axis} = 0 at the top"), {"origin": "upper"}),
        (Option("lower", "{axis} = 0 at the bottom"), {"origin": "lower"}),
    ),
)
LOOKS = (COLOR, SCALE, ORIGIN, COLUMNS)
"""How grids are drawn; every view of grids has these."""
