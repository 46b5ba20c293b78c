"""A name for an imported variant, from the names of its files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from headlapse.errors import InvalidValueError
from headlapse.results.import_source import check_name

LONGEST = 100


def default_name(text: str) -> str:
    """`imported_` and `text`, without accents and with `_` for characters that the name of a folder may not contain."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    clean = re.sub(r"[^A-Za-z0-9._+-]+", "_", plain).strip("_")
    return f"imported_{clean}"[:LONGEST].rstrip("_") if clean else "imported"


def checked_name(name: str, family: str) -> str:
    """`name` if an imported variant of `family` may have it. Raises `InvalidValueError`."""
    if check_name(name).startswith(f"{family}_"):
        reserved = f"names that begin with {family}_ are for variants trained here"
        raise InvalidValueError(f"{reserved}; choose another --name than {name}")
    return name


def different(names: Iterable[str]) -> list[str]:
    """`names` in their order; a repeated one gets a number."""
    found: list[str] = []
    for name in names:
        number, candidate = 2, name
        while candidate in found:
            number, candidate = number + 1, f"{name}_{number}"
        found.append(candidate)
    return found
