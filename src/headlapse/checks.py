"""Checks of values that users give. Each function returns the value or raises `InvalidValueError` with a message of one line.

Integers may be Python's or numpy's. True and False are not numbers, and neither is text that looks like one.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeVar

from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.errors import shown as shown  # noqa: PLC0414 -- a part of this vocabulary, too

T = TypeVar("T")
Check = Callable[[str, Any], T]
LARGEST = 2**63 - 1
ELSEWHERE = "change to one that exists, e.g. with: cd ~"
EXACT = 2**53  # every smaller whole number is a 64-bit float


def as_whole(value: object) -> int | None:
    """`value` if it is an integer of at most 63 bits, as files and numpy store it, otherwise None."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        return None
    found = operator.index(value)
    return found if -LARGEST <= found <= LARGEST else None


def as_number(value: object) -> float | None:
    """`value` if it is a finite real number, otherwise None. Minus zero becomes zero."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        found = float(value) + 0.0
    except OverflowError:  # an integer beyond every float
        return None
    return found if math.isfinite(found) else None


def whole(name: str, value: object, least: int = 0, most: int = LARGEST) -> int:
    """An integer from `least` to `most`."""
    found = as_whole(value)
    if found is None or not least <= found <= most:
        limits = f">= {least:,}" if most == LARGEST else f"from {least:,} to {most:,}"
        raise wrong(name, f"a whole number {limits}", value)
    return found


def number(name: str, value: object, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite real number from `least` to `most`."""
    found = as_number(value)
    if found is None or not least <= found <= most:
        raise wrong(name, "a finite number" if math.isinf(most) else f"from {least:g} to {most:g}", value)
    return found


def exact(name: str, stated: Any, stored: float) -> float:
    """`stored`, a 64-bit float, if it equals the `stated` value exactly; only integers are compared."""
    stated = operator.index(stated) if isinstance(stated, Integral) else stated  # numpy's integers would be compared as floats
    if abs(stored) >= EXACT and stated != stored:
        raise InvalidValueError(f"{name} cannot be stored as {shown(stated)}, but only as {stored:.0f}; give that instead")
    return stored


def flag(name: str, value: object) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise wrong(name, "True or False", value)
    return value


def text(name: str, value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        raise wrong(name, "a text", value)
    return value


def one_of(name: str, value: object, allowed: Iterable[str]) -> str:
    """One of a few words."""
    words = list(allowed)
    if not isinstance(value, str) or value not in words:
        raise wrong(name, " or ".join(filter(None, [", ".join(words[:-1]), words[-1]])), value)
    return value


def optional(check: Check[T], name: str, value: Any) -> T | None:
    """The value as `check` returns it, or None if None was given."""
    return None if value is None else check(name, value)


def several(check: Check[T], name: str, value: Any, what: str) -> list[T]:
    """A list, tuple, array or other series of `what`, each checked by `check`; a text is not a series."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise wrong(name, f"a list of {what}", value)
    try:
        items = list(value)
    except TypeError as error:  # an array without axes is an Iterable, too
        raise wrong(name, f"a list of {what}", value) from error
    return [check(f"each of {name}", one) for one in items]


def some(check: Check[T], name: str, value: Any, what: str) -> list[T]:
    """At least one of `several`."""
    found = several(check, name, value, f"{what}s")
    if not found:
        raise InvalidValueError(f"{name} is empty; name at least one {what}, or leave it out")
    return found


def function(name: str, value: object) -> Any:
    """A callable."""
    if not callable(value):
        raise wrong(name, "a function", value)
    return value


def path(name: str, value: object) -> Path:
    """A path of the file system; `~` stands for the home folder."""
    if not isinstance(value, str | os.PathLike) or not os.fspath(value):
        raise wrong(name, "a path", value)
    found = os.fspath(value)
    if isinstance(found, bytes) or "\0" in found:
        raise wrong(name, "a path, as text without NUL", value)
    try:
        return Path(found).expanduser()
    except RuntimeError as error:
        raise InvalidValueError(f"{name} {found}: no home folder is known for it; give the path in full") from error


def absolute_path(name: str, value: object) -> Path:
    """A path from the root of the file system."""
    found = path(name, value)
    try:
        return found.absolute()
    except FileNotFoundError as error:
        raise InvalidValueError(f"{name} {found} lies in the current folder, which is gone; {ELSEWHERE}") from error


def current_folder() -> None:
    """Raise `InvalidValueError` if the current folder has been removed: loading libraries there may end the process."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise InvalidValueError(f"the current folder is gone; {ELSEWHERE}") from error


def instance(name: str, value: object, kind: type[T], what: str) -> T:
    """An object of this kind."""
    if not isinstance(value, kind):
        raise wrong(name, what, value)
    return value


def known(kind: str, given: Iterable[str], names: Iterable[str]) -> None:
    """Raise `UnknownNameError` for the first of `given` that is not among `names`."""
    allowed = list(names)
    for name in given:
        if name not in allowed:
            raise UnknownNameError.among(kind, name, allowed)


def wrong(name: str, allowed: str, value: object) -> InvalidValueError:
    """The error for a `value` that is not allowed."""
    return InvalidValueError(f"{name} must be {allowed}, got {shown(value)}")
