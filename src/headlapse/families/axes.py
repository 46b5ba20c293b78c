"""The axes of a probe: what its rows enumerate, in C order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from headlapse.errors import InvalidValueError


@dataclass(frozen=True)
class Axis:
    """One coordinate of the probe: its name, its size, and tick labels if numbers are not enough."""

    name: str
    size: int
    ticks: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not self.name or self.size < 1:
            raise InvalidValueError(f"an axis needs a name and a size of at least 1, got {self.name!r} of size {self.size}")
        if self.ticks is not None and len(self.ticks) != self.size:
            raise InvalidValueError(f"axis {self.name!r} of size {self.size} has {len(self.ticks)} ticks")


def checked_axes(axes: Sequence[Axis], n_inputs: int) -> tuple[Axis, ...]:
    """`axes`, if together they enumerate `n_inputs` rows under different names. Raises `InvalidValueError` otherwise."""
    sizes = " x ".join(f"{axis.name} {axis.size}" for axis in axes)
    if prod(axis.size for axis in axes) != n_inputs or not axes:
        raise InvalidValueError(f"the axes ({sizes or 'none'}) must enumerate the {n_inputs:,} rows of the probe")
    if len({axis.name for axis in axes}) < len(axes):
        raise InvalidValueError(f"every axis needs its own name, got {sizes}")
    return tuple(axes)
