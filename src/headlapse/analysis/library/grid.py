"""The probe as a grid of pairs."""

from __future__ import annotations

import math
from typing import Any

from jaxtyping import Int


def grid_side(probe: Int[Any, "inputs positions"]) -> int:
    """p of a probe that holds all p*p pairs, row `a*p + b`. Raises `ValueError` where its length is not a square."""
    p = math.isqrt(len(probe))
    if p * p != len(probe) or p == 0:
        raise ValueError(f"the probe must hold all p*p pairs, but its length {len(probe)} is not a square")
    return p
