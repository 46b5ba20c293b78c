"""A name for an imported variant, made of what its files are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 100


def default_name(text: str) -> str:
    """`imported_` and `text` with accents taken off and everything a folder's name may not hold replaced by `_`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    clean = re.sub(r"[^A-Za-z0-9._+-]+", "_", plain).strip("_")
    return f"imported_{clean}"[:LONGEST].rstrip("_") if clean else "imported"


def different(names: Iterable[str]) -> list[str]:
    """`names` in their order; a repeated one gets a number."""
    found: list[str] = []
    for name in names:
        number, candidate = 2, name
        while candidate in found:
            number, candidate = number + 1, f"{name}_{number}"
        found.append(candidate)
    return found
