"""Heads and positions: numbers counted from either end, and names."""

from __future__ import annotations

from headlapse import checks
from headlapse.errors import InvalidValueError, OutOfRangeError


def resolved(name: str, number: object, size: int) -> int:
    """`number` counted from the start. Raises `InvalidValueError` or `OutOfRangeError` naming the valid range."""
    found = checks.as_whole(number)
    if found is None:
        raise checks.wrong(name, f"a whole number from {-size} to {size - 1}", number)
    if not -size <= found < size:
        raise OutOfRangeError(f"{name} {found} is out of range; valid: {-size} to {size - 1}")
    return found % size


def checked_labels(position_labels: object, n_positions: int) -> list[str] | None:
    """One name per position, or None. Raises `InvalidValueError`."""
    if position_labels is None:
        return None
    labels = checks.several(checks.text, "position_labels", position_labels, "names, one per position")
    if len(labels) != n_positions:
        raise InvalidValueError(f"position_labels must name {n_positions} positions, got {checks.shown(labels)}")
    return labels
