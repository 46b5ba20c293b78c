"""Numbers, heads and position pairs as researchers read them; `web/core/format.ts` writes the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

NOT_KNOWN = "–"  # noqa: RUF001 -- an en dash, as tables have it


def epoch_in_words(epoch: int) -> str:
    """10400 -> 'epoch 10,400'."""
    return f"epoch {epoch:,}"


def duration_in_words(seconds: float) -> str:
    """'45 s', '12 min', '3 h 20 min', '2 d 4 h'."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def loss_in_words(loss: float) -> str:
    """Two digits: 1.6e-07 -> '1.6e-7', 0.1123 -> '0.11', 99.97 -> '1.0e2'; a dash if it is unknown."""
    if not isfinite(loss):
        return NOT_KNOWN
    if loss == 0:
        return "0.0"
    rounded = _rounded(loss, 2)
    return _fixed(rounded, 2) if -3 <= rounded.adjusted() < 2 else _scientific(rounded, 2)


def value_in_words(value: float, digits: int = 6) -> str:
    """Up to `digits` digits, without zeros at the end: '0.123456', '3.2e-7', '1e6'; a dash if it is not finite."""
    if not isfinite(value):
        return NOT_KNOWN
    if value == 0:
        return "0"
    rounded = _rounded(value, digits)
    if -4 <= rounded.adjusted() < digits:
        return _without_zeros(_fixed(rounded, digits))
    mantissa, exponent = _scientific(rounded, digits).split("e")
    return f"{_without_zeros(mantissa)}e{exponent}"


def position_in_words(position: int, position_labels: Sequence[str] | None) -> str:
    """'=' with labels; 'position 2' without."""
    return f"position {position}" if position_labels is None else position_labels[position]


def pair_in_words(
    to_position: int,
    from_position: int,
    position_labels: Sequence[str] | None,
    from_position_labels: Sequence[str] | None = None,
) -> str:
    """'= attending to a' with labels; 'position 2 attending to position 0' without.

    `from_position_labels` are the labels of the positions that are attended to, if they differ.
    """
    to = position_in_words(to_position, position_labels)
    return f"{to} attending to {position_in_words(from_position, from_position_labels or position_labels)}"


def _rounded(value: float, digits: int) -> Decimal:
    """`value` with that many digits; halves are rounded away from zero, as in JavaScript."""
    exact = Decimal(float(value))
    return exact.quantize(Decimal((0, (1,), exact.adjusted() - digits + 1)), ROUND_HALF_UP)


def _fixed(rounded: Decimal, digits: int) -> str:
    return f"{rounded:.{max(digits - 1 - rounded.adjusted(), 0)}f}"


def _scientific(rounded: Decimal, digits: int) -> str:
    power = rounded.adjusted()
    return f"{rounded.scaleb(-power):.{digits - 1}f}e{power}"


def _without_zeros(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
