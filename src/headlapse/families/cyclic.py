"""Axes that enumerate Z_p, the integers modulo p: their residues, their waves, and orders that make waves visible."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isqrt

import numpy as np
from jaxtyping import Float, Int

from headlapse.families.axes import Axis

LEAST_SHARE = 0.25  # below which no frequency counts as dominant: at initialisation the largest of 56 shares is about 0.1


def residues(axis: Axis) -> np.ndarray:
    """The number at each place of the axis: its tick, or its place if there are no ticks.

    Empty if the ticks are not distinct integers >= 0.
    """
    if axis.ticks is None:
        return np.arange(axis.size)
    ticks = [tick for tick in axis.ticks if tick.isascii() and tick.isdigit() and len(tick) < 10]
    numbers = np.array(ticks, dtype=np.int64)
    return numbers if len(set(numbers.tolist())) == axis.size else numbers[:0]


def modulus(axes: Sequence[Axis]) -> int | None:
    """The modulus p if there are two axes and each enumerates 0 to p-1, in any order, with p >= 2; otherwise None."""
    if len(axes) != 2 or axes[0].size != axes[1].size or axes[0].size < 2:
        return None
    p = axes[0].size
    whole = all(np.array_equal(np.sort(residues(axis)), np.arange(p)) for axis in axes)
    return p if whole else None


def n_frequencies(p: int) -> int:
    """How many frequencies waves on Z_p have: k = 1 to p // 2. k and p - k are the same."""
    return p // 2


@lru_cache(maxsize=8)
def waves(p: int) -> Float[np.ndarray, "wave place"]:
    """The waves that are not constant, orthogonal and of unit norm: cos(2 pi k x / p) for k = 1 to p // 2, then the sines.

    For even p the last cosine alternates, and the sine of that frequency, which vanishes, is a row of zeros. Read-only.
    """
    k, x = np.arange(1, n_frequencies(p) + 1)[:, None], np.arange(p)[None, :]
    angle = 2 * np.pi * (k * x % p) / p
    scale = np.where(2 * k == p, 1 / np.sqrt(p), np.sqrt(2 / p))
    made: np.ndarray = np.concatenate([np.cos(angle), np.where(2 * k == p, 0, np.sin(angle))]) * np.concatenate([scale, scale])
    made.setflags(write=False)
    return made


def waves_of(p: int, frequency: int) -> Float[np.ndarray, "2 place"]:
    """Cosine and sine of one frequency, as rows of unit norm (see `waves`)."""
    return waves(p)[[frequency - 1, n_frequencies(p) + frequency - 1]]


def frequency_order(numbers: np.ndarray, p: int, frequency: int) -> Int[np.ndarray, " place"]:
    """The places of `numbers`, sorted by `frequency` times number modulo p: a wave of that frequency has one period."""
    order: np.ndarray = np.lexsort([numbers, numbers * frequency % p])
    return order


def logarithm_order(numbers: np.ndarray, p: int) -> Int[np.ndarray, " place"]:
    """The places of `numbers`, sorted by discrete logarithm modulo a prime p to the smallest base; 0 comes last.

    Multiplication of two numbers is addition of their logarithms modulo p - 1.
    """
    base = primitive_root(p)
    logarithm, power = np.full(p, p, dtype=np.int64), 1
    for exponent in range(p - 1):
        logarithm[power] = exponent
        power = power * base % p
    return np.argsort(logarithm[numbers], kind="stable")


def primitive_root(p: int) -> int:
    """The smallest number whose powers are all of 1 to p-1 modulo a prime p."""
    factors = [factor for factor in _divisors(p - 1) if factor > 1]
    return next(base for base in range(1, p) if all(pow(base, (p - 1) // factor, p) != 1 for factor in factors))


def is_prime(p: int) -> bool:
    """Whether p is a prime."""
    return p > 1 and len(_divisors(p)) == 2


def _divisors(number: int) -> set[int]:
    small = [divisor for divisor in range(1, isqrt(number) + 1) if number % divisor == 0]
    return {*small, *(number // divisor for divisor in small)}
