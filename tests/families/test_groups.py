"""Against products of permutation and rotation matrices, which know nothing of tables or cycles."""

from __future__ import annotations

import re
from itertools import permutations
from math import cos, pi, sin

import numpy as np
import pytest

import headlapse
from headlapse.errors import InvalidValueError
from headlapse.families.groups import cycles, group_of


def matrix_of(name: str, kind: str, n: int) -> np.ndarray:
    """The linear map of an element, from its name alone."""
    if kind in "SA":
        matrix = np.eye(n)
        for cycle in re.findall(r"\(([\d ]+)\)", name):
            points = [int(point) - 1 for point in cycle.split()]
            for here, there in zip(points, points[1:] + points[:1], strict=True):
                matrix[:, here] = np.eye(n)[there]
        return matrix
    turn = 2 * pi * int(name.lstrip("rs")) / n
    rotation = np.array([[cos(turn), -sin(turn)], [sin(turn), cos(turn)]])
    return np.diag([1.0, -1.0]) @ rotation if name.startswith("s") else rotation


@pytest.mark.parametrize(("name", "order"), [("S3", 6), ("S4", 24), ("S5", 120), ("A4", 12), ("A5", 60), ("C7", 7), ("D5", 10)])
def test_the_table_is_that_of_the_matrices(name: str, order: int) -> None:
    group = group_of(name)
    assert len(set(group.elements)) == group.order == order
    maps = np.stack([matrix_of(element, name[0], int(name[1:])) for element in group.elements])
    products = np.einsum("aij,bjk->abik", maps, maps)
    assert np.allclose(maps[group.product], products)
    assert np.allclose(maps[group.inverse], np.linalg.inv(maps))


def test_permutations_stand_in_order_and_are_named_by_cycles() -> None:
    assert group_of("S3").elements == ("()", "(2 3)", "(1 2)", "(1 2 3)", "(1 3 2)", "(1 3)")
    assert cycles([1, 2, 0, 4, 3]) == "(1 2 3)(4 5)"
    assert group_of("S5").elements == tuple(cycles(list(each)) for each in permutations(range(5)))


@pytest.mark.parametrize("name", ["", "S", "S0", "S7", "D2", "Q8", "s5", "S5 "])
def test_a_group_that_is_not_known_is_refused(name: str) -> None:
    with pytest.raises(InvalidValueError, match=r"unknown group .* such as S5, A4, C12 or D6"):
        group_of(name)


@pytest.mark.parametrize("operation", ["compose", "conjugate", "aba"])
def test_every_pair_of_elements_has_its_answer(operation: str) -> None:
    family = headlapse.load_family("group_operation_1layer")
    settings = family.resolve({"group": "S4", "operation": operation})
    elements = [axis.ticks for axis in family.axes(settings)]
    assert elements[0] == elements[1] == group_of("S4").elements
    maps = np.stack([matrix_of(element, "S", 4) for element in group_of("S4").elements])
    a, b = (maps[family.probe(settings)[:, place]] for place in range(2))
    last = {"compose": np.eye(4), "conjugate": a.swapaxes(1, 2), "aba": a}[operation]
    assert np.array_equal(maps[family.task.labels(settings)], a @ b @ last)
    assert family.task.vocabulary(settings) == (25, 24, 3)


def test_every_group_of_the_family_is_known() -> None:
    family = headlapse.load_family("group_operation_1layer")
    for name in family.settings["group"].choices or []:
        assert group_of(name).order == family.task.vocabulary(family.resolve({"group": name})).d_vocab_out
