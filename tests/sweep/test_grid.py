"""Grids: what they expand to, and what is refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.sweep.grid import Grid
from headlapse.sweep.values import parse_values


def settings_of(grid: Grid, *names: str) -> list[tuple[int | float, ...]]:
    return [tuple(variant.settings[name] for name in names) for variant in grid.variants(Path("results"))]


def test_every_combination_the_last_axis_fastest(family) -> None:
    grid = Grid.of(family, {"seed": "3..5", "weight_decay": "0,0.5"}, fixed={"prime": "31"})
    assert len(grid) == 6 and grid.varied == ["seed", "weight_decay"]
    expected = [(3, 0.0, 31), (3, 0.5, 31), (4, 0.0, 31), (4, 0.5, 31), (5, 0.0, 31), (5, 0.5, 31)]
    assert settings_of(grid, "seed", "weight_decay", "prime") == expected


def test_zipped_settings_go_side_by_side(family) -> None:
    grid = Grid.of(family, {"lr": [0.001, 0.01]}, {"seed": "1,2,3", "data_seed": "10,20,30"})
    pairs = [(1, 10), (2, 20), (3, 30)]
    assert settings_of(grid, "lr", "seed", "data_seed") == [(lr, *pair) for lr in (0.001, 0.01) for pair in pairs]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("seed", "0..3", [0, 1, 2, 3]),
        ("seed", "0..9:4, 20", [0, 4, 8, 20]),
        ("seed", "7..7", [7]),
        ("lr", "1e-3,0.01", [0.001, 0.01]),
        ("train_fraction", "0.1..0.7:0.2", [0.1, 0.3, 0.5, 0.7]),  # as decimals: 0.1 + 0.2 is no 0.3 in floats
    ],
)
def test_lists_and_ranges(family, name: str, text: str, expected: list[float]) -> None:
    assert parse_values(name, family.settings[name], text) == expected


def test_numbers_from_python(family) -> None:
    grid = Grid.of(family, {"seed": range(2), "weight_decay": np.array([0.25, 0.75])}, fixed={"prime": np.int64(31)})
    assert settings_of(grid, "seed", "weight_decay") == [(0, 0.25), (0, 0.75), (1, 0.25), (1, 0.75)]


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({}, "the grid is empty"),
        ({"seed": ""}, "the grid of seed has an empty value"),
        ({"seed": "1,,2"}, "the grid of seed has an empty value"),
        ({"seed": []}, "the grid of seed is empty"),
        ({"seed": "5..3"}, r"the range 5\.\.3 of seed is empty"),
        ({"seed": "0..9:0"}, "is empty; give FIRST..LAST"),
        ({"seed": "0..x"}, r"numbers, ranges FIRST\.\.LAST or FIRST\.\.LAST:STEP, got '0\.\.x'"),
        ({"seed": "0..1:0.5"}, r"seed must be an integer .*got '0\.0'"),
        ({"seed": "-1..3"}, "seed must be an integer >= 0 .*got '-1'"),
        ({"weight_decay": "0..1"}, r"needs a step, e\.g\. 0\.\.1:0\.1"),
        ({"lr": "1e-3..1e-2"}, r"needs a step, e\.g\. 1e-3\.\.1e-2:0\.0009"),
        ({"train_fraction": "0.5,1"}, "train_fraction must be a number > 0 and < 1, got '1'"),
        ({"lr": "nan"}, "lr must be a number > 0"),
        ({"seed": "0..3,2"}, "the grid of seed has a value twice: 2"),
        ({"weight_decay": "0.5,0.50"}, r"0\.5 and 0\.50 are both stored as 0\.5"),
        ({"weight_decay": "0.1,0.10000000000000000001"}, r"0\.1 and 0\.10000000000000000001 are both stored as 0\.1"),
        ({"weight_decay": "0,-0.0"}, r"0 and -0\.0 are both stored as 0\.0"),
        ({"weight_decay": [1, 1.0]}, r"has a value twice: 1\.0"),
        ({"seed": "0..99999999999999"}, "has 100,000,000,000,000 values, and one sweep takes at most 100,000"),
        ({"seed": "0..999", "data_seed": "0..999"}, "the grid has 1,000,000 variants"),
        ({"epochs": "10,20"}, "epochs does not tell variants apart"),
        ({"seed": True}, "seed must be an integer"),
    ],
)
def test_what_cannot_be_is_refused(family, grid: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        Grid.of(family, grid)


def test_a_setting_may_be_one_of_several_words() -> None:
    family = headlapse.load_family("modular_operation_1layer")
    grid = Grid.of(family, {"operation": "add, multiply", "seed": "0..1"})
    assert settings_of(grid, "operation", "seed") == [("add", 0), ("add", 1), ("multiply", 0), ("multiply", 1)]
    with pytest.raises(InvalidValueError, match=r"operation must be one of add, .*got 'power'"):
        Grid.of(family, {"operation": "add,power"})


def test_names_that_do_not_fit(family) -> None:
    with pytest.raises(UnknownNameError, match="has no setting 'sead'; it has prime, seed"):
        Grid.of(family, {"sead": "1"})
    with pytest.raises(InvalidValueError, match="seed is given twice"):
        Grid.of(family, {"seed": "1"}, fixed={"seed": 2})
    with pytest.raises(InvalidValueError, match="equally many values: seed has 2, data_seed has 3"):
        Grid.of(family, {}, {"seed": "1,2", "data_seed": "1,2,3"})
