"""Values in the query of a request."""

from __future__ import annotations

from headlapse.errors import InvalidValueError

MAX_DIGITS = 12


def whole_number(name: str, text: str) -> int:
    """`text` as a number >= 0. Raises `InvalidValueError`."""
    if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
        raise InvalidValueError(f"{name} must be a whole number >= 0 of at most {MAX_DIGITS} digits, got {text[:40]!r}")
    return int(text)
