"""The values of one setting in a grid, from text or from Python, each checked by the family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.families.spec import ParameterSpec, Setting

MOST_VALUES = 100_000  # of one setting, and variants of one sweep
_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?")


def parse_values(name: str, spec: ParameterSpec, text: str) -> list[Setting]:
    """The values in `text`: `0,0.5,1`, `0..63` (including both ends), `0..1:0.25` (in steps), or several of these.

    Raises `InvalidValueError` for an empty list, a value that is not allowed, and one that occurs twice, even after rounding.
    """
    texts = [each for part in text.split(",") for each in _texts(name, spec, part.strip())]
    return _distinct(name, [spec.parse(name, each) for each in texts], texts)


def check_values(name: str, spec: ParameterSpec, given: Any) -> list[Setting]:
    """The values given in Python: a text as above, one number, or a list of numbers. Raises as `parse_values` does."""
    if isinstance(given, str):
        return parse_values(name, spec, given)
    if not isinstance(given, Iterable):
        return [spec.check(name, given)]
    values = checks.some(spec.check, f"the grid of {name}", given, "value")
    return _distinct(name, values, [repr(value) for value in values])


def _texts(name: str, spec: ParameterSpec, part: str) -> Sequence[str]:
    """The values of one part of a list: itself, or the numbers of a range."""
    if ".." not in part:
        if not part:
            raise InvalidValueError(
                f"the grid of {name} has an empty value; give numbers separated by commas, or a range 0..63"
            )
        return [part]
    match = _RANGE.fullmatch(part)
    if match is None:
        raise checks.wrong(f"the grid of {name}", "numbers, ranges FIRST..LAST or FIRST..LAST:STEP", part)
    first, last = Decimal(match[1]), Decimal(match[2])
    if match[3] is None and spec.type != "integer":
        step = format((last - first).normalize() / 10, "g") if last > first else "STEP"
        raise InvalidValueError(f"{name} is not a whole number, so its range needs a step, e.g. {part}:{step}")
    return _range(name, part, first, last, Decimal(match[3] or 1))


def _range(name: str, part: str, first: Decimal, last: Decimal, step: Decimal) -> list[str]:
    if step <= 0 or last < first:
        raise InvalidValueError(f"the range {part} of {name} is empty; give FIRST..LAST with FIRST <= LAST, and a step above 0")
    count = int((last - first) / step) + 1
    check_count(f"the range {part} of {name}", "values", count)
    return [format(first + step * index, "f") for index in range(count)]


def check_count(what: str, of: str, count: int) -> None:
    """Raise `InvalidValueError` if there are more than one sweep allows."""
    if count > MOST_VALUES:
        raise InvalidValueError(f"{what} has {count:,} {of}, and one sweep takes at most {MOST_VALUES:,}; split it")


def _distinct(name: str, values: list[Setting], texts: Sequence[str]) -> list[Setting]:
    seen: dict[Setting, str] = {}
    for value, text in zip(values, texts, strict=True):
        if value in seen:
            same = text if seen[value] == text else f"{seen[value]} and {text} are both stored as {value!r}"
            raise InvalidValueError(f"the grid of {name} has a value twice: {same}; leave one out")
        seen[value] = text
    return values
