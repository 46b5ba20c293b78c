"""The order of places on axes of numbers modulo p: natural, by logarithm, or by a frequency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.families.cyclic import frequency_order, is_prime, logarithm_order, n_frequencies, residues
from headlapse.results.run import RunLabels
from headlapse.visualization.views import EpochData, Option

NATURAL, LOGARITHM, FREQUENCY = "natural", "logarithm", "frequency-"


def in_order(values: np.ndarray, axes: tuple[Axis, Axis], order: str | None) -> tuple[np.ndarray, tuple[Axis, Axis]]:
    """`values`, `(panel, y, x)`, and their axes, with the places of both axes reordered.

    Orders are "natural" (or None), "logarithm" and "frequency-K". "logarithm" needs a prime p: multiplication modulo p is then
    addition along the axes. With "frequency-K", a wave of frequency K has one period along an axis. Ticks show the real
    numbers. Raises `InvalidValueError` for any other order, and for axes that are not numbers modulo p.
    """
    if order is None or order == NATURAL:
        return values, axes
    rows, columns = places_in_order(axes, order)
    down, right = axes
    return values[:, rows[:, None], columns[None, :]], (reordered(down, rows), reordered(right, columns))


def places_in_order(axes: tuple[Axis, Axis], order: str) -> tuple[np.ndarray, np.ndarray]:
    """For each axis, the places that it has from first to last in an order. Raises `InvalidValueError` as `in_order` does."""
    p = _modulus(axes)
    down, right = (np.arange(axis.size) if order == NATURAL else _places(residues(axis), p, order) for axis in axes)
    return down, right


def reordered(axis: Axis, places: np.ndarray) -> Axis:
    """The axis with its `places` from first to last; ticks show the real numbers."""
    ticks = axis.ticks or tuple(map(str, range(axis.size)))
    return Axis(axis.name, axis.size, tuple(ticks[place] for place in places.tolist()))


def order_controls(axes: Sequence[Axis]) -> tuple[OrderChoice, ...]:
    """A choice of the order, if both axes are numbers modulo the same p."""
    p = _modulus_or_none(axes)
    return () if p is None else (OrderChoice(p),)


@dataclass(frozen=True)
class OrderChoice:
    """The order of the places on both axes."""

    p: int
    name: str = "order"
    label: str = "Order of inputs"
    extra: ClassVar[bool] = True
    changes: ClassVar[str] = "order"

    def options(self, epoch_data: EpochData, labels: RunLabels) -> list[Option]:  # noqa: ARG002
        logarithm = [Option(LOGARITHM, "By discrete logarithm")] if is_prime(self.p) else []
        frequencies = (Option(f"{FREQUENCY}{k}", f"By frequency {k}") for k in range(1, n_frequencies(self.p) + 1))
        return [Option(NATURAL, "Natural"), *logarithm, *frequencies]

    def arguments(self, value: str) -> dict[str, Any]:
        _check(value, self.p)
        return {"order": value}

    def places(self, axes: tuple[Axis, Axis], value: str) -> tuple[np.ndarray, np.ndarray]:
        """See `places_in_order`."""
        return places_in_order(axes, value)

    def moves_curves(self, value: str) -> bool:
        """Whether curves over the cells stay the same in this order, with their points at other places."""
        return value != LOGARITHM  # waves over logarithms have other frequencies


def _places(numbers: np.ndarray, p: int, order: str) -> np.ndarray:
    frequency = _check(order, p)
    return logarithm_order(numbers, p) if frequency is None else frequency_order(numbers, p, frequency)


def _check(order: object, p: int) -> int | None:
    """The frequency of an order, None if it has none. Raises `InvalidValueError` for an unknown order modulo p."""
    text = checks.text("order", order)
    number = text.removeprefix(FREQUENCY)
    if number != text and number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= n_frequencies(p):
        return int(number)
    if text == NATURAL or (text == LOGARITHM and is_prime(p)):
        return None
    logarithm = f"{LOGARITHM}, " if is_prime(p) else ""
    allowed = f"{NATURAL}, {logarithm}{FREQUENCY}1 to {FREQUENCY}{n_frequencies(p)}"
    raise InvalidValueError(f"order must be one of {allowed}; got {checks.shown(order)}")


def _modulus(axes: Sequence[Axis]) -> int:
    p = _modulus_or_none(axes)
    if p is None:
        described = ", ".join(f"{axis.name} of size {axis.size}" for axis in axes)
        raise InvalidValueError(f"only axes of numbers modulo the same p have another order; these are {described}")
    return p


def _modulus_or_none(axes: Sequence[Axis]) -> int | None:
    """The modulus p if each of two axes has the numbers modulo p, with or without 0; otherwise None."""
    if len(axes) != 2:
        return None
    down, right = (np.sort(residues(axis)) for axis in axes)
    p = int(down[-1]) + 1 if len(down) else 0
    return p if p > 1 and all(_is_all_of(numbers, p) for numbers in (down, right)) else None


def _is_all_of(numbers: np.ndarray, p: int) -> bool:
    """Whether these are the numbers modulo p in ascending order, with or without 0."""
    return any(np.array_equal(numbers, np.arange(first, p)) for first in (0, 1))
