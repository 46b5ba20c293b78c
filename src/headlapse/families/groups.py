"""Finite groups by name: S and A (permutations), C (cyclic) and D (dihedral), each with a number, as in S5, A4, C12, D6.

Products are compositions of functions: a b means first b, then a.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from jaxtyping import Int

from headlapse.errors import InvalidValueError

Table = Int[np.ndarray, "order order"]
MOST_POINTS = 6  # of permutations: 720 of them, and as many tokens


@dataclass(frozen=True, eq=False)
class Group:
    """A group: the names of its elements, and `product[a, b]`, the number of the element a b."""

    elements: tuple[str, ...]
    product: Table

    @property
    def order(self) -> int:
        """The number of elements."""
        return len(self.elements)

    @property
    def inverse(self) -> Int[np.ndarray, " order"]:
        """The number of each element's inverse."""
        identity = int(np.flatnonzero((self.product == np.arange(self.order)).all(axis=1))[0])
        found: np.ndarray = (self.product == identity).argmax(axis=1)
        return found


@cache
def group_of(name: str) -> Group:
    """The group called `name`. Permutations are in lexicographic order, named by their cycles, with points counted from 1.

    S5 has 120 elements, A4 12, C12 12, and D6, the symmetries of a hexagon, 12: rotations r0 to r5, then reflections s0 to s5.
    s2 is the rotation r2 followed by the reflection s0. Raises `InvalidValueError` for any other name.
    """
    found = re.fullmatch(r"([SACD])([1-9][0-9]{0,2})", name)
    kind, n = (found[1], int(found[2])) if found else ("", 0)
    if kind in ("S", "A") and n <= MOST_POINTS:
        return _of_permutations(n, even_only=kind == "A")
    if kind == "C":
        return _cyclic(n)
    if kind == "D" and n >= 3:
        return _dihedral(n)
    allowed = f"S or A with a number up to {MOST_POINTS}, C with any, or D with 3 or more"
    raise InvalidValueError(f"unknown group {name!r}; give {allowed}, such as S5, A4, C12 or D6")


def _of_permutations(n: int, even_only: bool) -> Group:
    elements = np.array([each for each in permutations(range(n)) if not even_only or _is_even(each)])
    codes = elements @ (n ** np.arange(n)[::-1])  # ascending, which is lexicographic order
    product = np.stack([np.searchsorted(codes, first[elements] @ (n ** np.arange(n)[::-1])) for first in elements])
    return Group(tuple(cycles(each) for each in elements.tolist()), product)


def _cyclic(n: int) -> Group:
    numbers = np.arange(n)
    return Group(tuple(map(str, range(n))), np.add.outer(numbers, numbers) % n)


def _dihedral(n: int) -> Group:
    """The product of s^i r^k and s^j r^l is s^(i+j) r^(l + (-1)^j k), because s r = r^-1 s."""
    flip, turn = np.divmod(np.arange(2 * n), n)
    sign = 1 - 2 * flip
    turns = (turn[None, :] + sign[None, :] * turn[:, None]) % n
    names = [f"{kind}{place}" for kind in "rs" for place in range(n)]
    return Group(tuple(names), (flip[:, None] ^ flip[None, :]) * n + turns)


def cycles(permutation: list[int]) -> str:
    """Cycle notation with points counted from 1: [1, 2, 0, 4, 3] is "(1 2 3)(4 5)"; the identity is "()"."""
    left, words = set(range(len(permutation))), []
    while left:
        cycle = [min(left)]
        while (then := permutation[cycle[-1]]) != cycle[0]:
            cycle.append(then)
        left -= set(cycle)
        if len(cycle) > 1:
            words.append(f"({' '.join(str(point + 1) for point in cycle)})")
    return "".join(words) or "()"


def _is_even(permutation: tuple[int, ...]) -> bool:
    pairs = ((i, j) for j in range(len(permutation)) for i in range(j))
    return sum(permutation[i] > permutation[j] for i, j in pairs) % 2 == 0
