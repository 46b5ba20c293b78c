"""Ticks of axes, at round numbers. `web/core/ticks.ts` computes the same."""

from __future__ import annotations

from math import ceil, floor, log10


def nice_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most `most` round numbers from low to high, at steps of 1, 2 or 5 times a power of ten."""
    return _ticks(_step(high - low, most), low, high) if low < high else [low]


def index_ticks(size: int, most: int = 6) -> list[int]:
    """At most `most` places on an axis of `size` places, at round steps from 0 on."""
    return [int(tick) for tick in _ticks(max(_step(size - 1, most), 1), 0, size - 1)] if size > 1 else [0]


def _step(length: float, most: int) -> float:
    power: float = 10.0 ** floor(log10(length / most))
    return next(step for step in (power, 2 * power, 5 * power, 10 * power, 20 * power) if length / step < most)


def _ticks(step: float, low: float, high: float) -> list[float]:
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [step * tick for tick in range(first, last + 1)]
