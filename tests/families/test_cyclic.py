"""Numbers modulo p: which axes enumerate them, and orders of them."""

from __future__ import annotations

import numpy as np
import pytest

from headlapse.families.axes import Axis
from headlapse.families.cyclic import frequency_order, is_prime, logarithm_order, modulus, primitive_root, residues, waves


def test_ticks_that_are_numbers_are_the_residues():
    assert residues(Axis("a", 3)).tolist() == [0, 1, 2]
    assert residues(Axis("a", 3, ("2", "0", "1"))).tolist() == [2, 0, 1]
    assert residues(Axis("a", 2, ("1", "1"))).size == residues(Axis("a", 2, ("x", "1"))).size == 0


@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        ((Axis("a", 5), Axis("b", 5)), 5),
        ((Axis("a", 2, ("1", "0")), Axis("b", 2)), 2),
        ((Axis("a", 5),), None),
        ((Axis("a", 5), Axis("b", 4)), None),
        ((Axis("a", 1), Axis("b", 1)), None),
        ((Axis("a", 2, ("1", "2")), Axis("b", 2, ("1", "2"))), None),
    ],
)
def test_two_axes_of_all_residues_have_a_modulus(axes, expected):
    assert modulus(axes) == expected


@pytest.mark.parametrize("p", [2, 3, 4, 7, 8, 113])
def test_waves_are_orthogonal_and_of_unit_norm(p):
    found = waves(p)
    expected = np.eye(len(found))
    if p % 2 == 0:
        expected[-1, -1] = 0  # the sine of the last frequency vanishes
    np.testing.assert_allclose(found @ found.T, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), 0, atol=1e-12)


@pytest.mark.parametrize("p", [3, 7, 31, 113])
def test_products_are_sums_of_logarithms(p):
    order = logarithm_order(np.arange(p), p)
    assert sorted(order.tolist()) == list(range(p)) and order[-1] == 0
    logarithm = {number: place for place, number in enumerate(order.tolist()[:-1])}
    assert all(logarithm[a * b % p] == (logarithm[a] + logarithm[b]) % (p - 1) for a in logarithm for b in logarithm)
    assert logarithm_order(np.arange(1, p), p).tolist() == [number - 1 for number in logarithm]


def test_by_frequency_a_wave_takes_one_turn():
    order = frequency_order(np.arange(7), 7, 3)
    assert (order * 3 % 7).tolist() == list(range(7))
    assert frequency_order(np.arange(6), 6, 2).tolist() == [0, 3, 1, 4, 2, 5]


def test_primes_and_their_roots():
    assert [p for p in range(12) if is_prime(p)] == [2, 3, 5, 7, 11]
    assert [primitive_root(p) for p in (2, 3, 5, 7, 23, 41)] == [1, 2, 2, 3, 5, 6]
