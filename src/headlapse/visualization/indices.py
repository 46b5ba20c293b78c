"""Numbers of heads and positions, counted from either end."""

from __future__ import annotations

from operator import index

from headlapse.errors import OutOfRangeError


def resolved(name: str, number: int, size: int) -> int:
    """`number` counted from the start. Raises `OutOfRangeError` naming the valid range."""
    if not -size <= index(number) < size:
        raise OutOfRangeError(f"{name} {number} is out of range; valid: {-size} to {size - 1}")
    return number % size
