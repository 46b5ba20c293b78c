"""Against plain integer arithmetic, one pair at a time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.families.tasks.modular_operation import OPERATIONS

P = 13
FAMILIES = ("modular_operation_1layer", "modular_operation_1layer_without_equals", "modular_operation_2layer")


def quotient(a: int, b: int) -> int:
    """The number that gives `a` when multiplied by `b`, found by trying all."""
    (found,) = [c for c in range(P) if (b * c - a) % P == 0]
    return found


EXPECTED: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": quotient,
    "divide_or_subtract": lambda a, b: quotient(a, b) if b % 2 else a - b,
    "x2_plus_y2": lambda a, b: a * a + b * b,
    "x2_plus_xy_plus_y2": lambda a, b: a * a + a * b + b * b,
    "x2_plus_xy_plus_y2_plus_x": lambda a, b: a * a + a * b + b * b + a,
    "x3_plus_xy": lambda a, b: a * a * a + a * b,
    "x3_plus_xy2": lambda a, b: a * a * a + a * b * b,
    "x3_plus_xy2_plus_y": lambda a, b: a * a * a + a * b * b + b,
}


def test_every_operation_is_among_those_expected() -> None:
    for name in FAMILIES:
        choices = headlapse.load_family(name).settings["operation"].choices
        assert sorted(OPERATIONS) == sorted(EXPECTED) == sorted(choices or [])


@pytest.mark.parametrize("operation", EXPECTED)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_pair_has_its_answer(operation: str, name: str) -> None:
    family = headlapse.load_family(name)
    settings = family.resolve({"operation": operation, "prime": P, "train_fraction": 0.4})
    first_b = 1 if operation == "divide" else 0
    pairs = [(a, b) for a in range(P) for b in range(first_b, P)]
    ends = [] if name.endswith("without_equals") else [P]
    assert family.probe(settings).tolist() == [[a, b, *ends] for a, b in pairs]
    assert family.task.labels(settings).tolist() == [EXPECTED[operation](a, b) % P for a, b in pairs]
    assert [axis.size for axis in family.axes(settings)] == [P, P - first_b]
    assert family.task.vocabulary(settings) == (P + len(ends), P, 2 + len(ends))
    assert len(family.position_labels) == 2 + len(ends)
    split = family.task.split(settings)
    assert sorted(np.concatenate(split).tolist()) == list(range(len(pairs)))
    assert len(split.train) == int(Fraction("0.4") * len(pairs))


def test_who_divides_meets_no_zero() -> None:
    family = headlapse.load_family("modular_operation_1layer")
    axes = family.axes(family.resolve({"operation": "divide", "prime": 5}))
    assert axes == (Axis("a", 5), Axis("b", 4, ("1", "2", "3", "4")))


@pytest.mark.parametrize("operation", ["divide", "divide_or_subtract"])
def test_a_modulus_without_inverses_is_refused_where_there_is_division(operation: str) -> None:
    family = headlapse.load_family("modular_operation_1layer")
    settings = family.resolve({"operation": operation, "prime": 15})
    with pytest.raises(InvalidValueError, match=rf"^{operation} needs a prime, and 3 has no inverse mod 15 .*; try 13$"):
        family.task.labels(settings)
    assert family.notes({**settings, "operation": "add"}) == ["15 is not a prime (3 x 5); published results use primes"]


def test_a_choice_is_checked_and_named() -> None:
    family = headlapse.load_family("modular_operation_1layer")
    assert family.variant(operation="subtract", prime=31).name == "modular_operation_1layer_subtract_p31_seed999_dseed598"
    assert family.question(family.resolve({"operation": "subtract", "prime": 31})) == "(a - b) mod 31"
    assert family.settings["operation"].parse("operation", "add") == "add"
    for wrong in ("plus", 3, None, True):
        with pytest.raises(InvalidValueError, match=r"^operation must be one of add, subtract, .*, got"):
            family.settings["operation"].check("operation", wrong)
