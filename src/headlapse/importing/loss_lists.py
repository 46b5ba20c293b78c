"""Lists of losses in files, and how the lists of several files are joined."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ROUNDING = 1e-5  # between copies of one number in two files


@dataclass
class Series:
    """Losses in the order of a file; `epochs` is their axis if the file has one. `name` is their name in the file."""

    name: str
    path: Path
    values: list[float | None]
    epochs: list[int] | None = None

    @property
    def known(self) -> list[float]:
        """The entries that are not missing."""
        return [value for value in self.values if value is not None]

    def __str__(self) -> str:
        return f"{self.name} ({self.path.name})"


def joined(one: Series, other: Series) -> Series | None:
    """The list that contains both: the longer one if the other is its beginning, or both on their axis of epochs.

    None if they contradict each other.
    """
    if one.epochs is not None and other.epochs is not None:
        return _on_one_axis(one, other)
    short, long = sorted((one, other), key=lambda series: len(series.values))
    is_beginning = all(_same(value, whole) for value, whole in zip(short.values, long.values, strict=False))
    return replace(long, epochs=long.epochs or other.epochs) if is_beginning else None


def _on_one_axis(one: Series, other: Series) -> Series | None:
    first, second = (dict(zip(series.epochs or (), series.values, strict=True)) for series in (one, other))
    if not all(_same(first[epoch], second[epoch]) for epoch in first.keys() & second.keys()):
        return None
    both = sorted((first | second).items())
    return replace(other, values=[value for _, value in both], epochs=[epoch for epoch, _ in both])


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return True
    if not is_finite(one) or not is_finite(other):
        return not is_finite(one) and not is_finite(other)
    return math.isclose(one, other, rel_tol=ROUNDING)


def is_finite(value: float) -> bool:
    """Whether `value` is a finite number that a float can represent."""
    return abs(value) <= sys.float_info.max
