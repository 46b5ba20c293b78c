"""A rule of an array holds for any dtype, any positions that are stored, and rows without weight where they may be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headlapse.results.array_rule import ArrayRule, RowSums
from headlapse.results.run_layout import RunLayout
from headlapse.storage.npy_header import ArrayHeader

SHARES = np.random.default_rng(0).dirichlet(np.ones(5), size=(2, 3, 7)).transpose(0, 1, 3, 2)  # (head, to, from, input)


def rule(**changes: object) -> ArrayRule:
    return ArrayRule(**{"shape": (2, 3, 5, 7), "low": 0, "high": 1, "rows": RowSums(axis=2), **changes})  # type: ignore[arg-type]


def header(array: np.ndarray) -> ArrayHeader:
    return ArrayHeader(array.dtype, array.shape, "C", 128)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_attention_rounded_to_any_dtype_fits(dtype: str) -> None:
    array = SHARES.astype(dtype)
    assert rule(dtype=dtype).allows(header(array), {}) and not rule(dtype="int8").allows(header(array), {})
    assert rule().is_finite(array) and rule().problem_with(array) == ""


@pytest.mark.parametrize(("dtype", "tolerated", "wrong"), [("float32", 9e-5, 1.2e-4), ("float16", 5e-4, 2e-3)])
def test_rows_may_miss_one_by_the_tolerance_of_their_dtype(dtype: str, tolerated: float, wrong: float) -> None:
    for sign in (1, -1):
        row = np.zeros((2, 3, 5, 7), dtype)
        row[:, :, 0], row[:, :, 1] = 0.75, 0.25
        row[1, 2, 1, 6] += np.array(sign * tolerated, dtype)
        assert rule().problem_with(row) == ""
        row[1, 2, 1, 6] = 0.25 + sign * wrong
        assert "rows that sum to" in rule().problem_with(row)


def test_of_stored_positions_rows_sum_to_at_most_one() -> None:
    part = SHARES[:, :, [0, 3]].astype(np.float32)
    assert "rows that sum to" in rule().problem_with(part)
    assert rule(rows=RowSums(axis=2, whole=False)).problem_with(part) == ""
    part[0, 0, :, 0] = 0.75, 0.5
    assert "rows that sum to" in rule(rows=RowSums(axis=2, whole=False)).problem_with(part)


def test_rows_are_empty_only_where_they_may_be() -> None:
    array = SHARES.astype(np.float32)
    array[1, 2, :, 4] = 0
    assert "rows that sum to 0 up to" in rule().problem_with(array)
    may_be_empty = rule(rows=RowSums(axis=2, may_be_empty=True))
    assert may_be_empty.problem_with(array) == "" and may_be_empty.problem_with(np.zeros_like(array)) == ""
    array[1, 2, 0, 4] = 0.5
    assert "rows that sum to 0.5 up to" in may_be_empty.problem_with(array)


@pytest.mark.parametrize("value", [-1e-3, 1.001, 7.0])
def test_values_outside_the_range_are_named(value: float) -> None:
    array = np.full((2, 2), 0.5, np.float32)
    array[1, 0] = value
    least, largest = sorted((value, 0.5))
    assert ArrayRule((2, 2), low=0, high=1).problem_with(array) == f"values from {least:g} to {largest:g}, expected 0 to 1"


def test_a_value_may_leave_its_range_by_rounding() -> None:
    array = np.array([np.nextafter(np.float32(1), np.float32(2)), -1e-8], np.float32)
    assert ArrayRule((2,), low=0, high=1).problem_with(array) == ""


@pytest.mark.parametrize(("values", "strict", "lenient"), [
    ([0.5, np.nan], False, True), ([np.nan, np.nan], False, True), ([0.5, np.inf], False, False),
    ([np.nan, -np.inf], False, False), ([0.0, 1.7e308, -1.7e308], True, True), ([], True, True),
])  # fmt: skip
def test_nan_is_wrong_unless_it_may_be_and_infinity_always(values: list[float], strict: bool, lenient: bool) -> None:
    array = np.array(values)
    assert ArrayRule((len(values),), "float64").is_finite(array) is strict
    assert ArrayRule((len(values),), "float64", may_be_nan=True).is_finite(array) is lenient


def test_values_beside_nan_are_held_against_the_range() -> None:
    column = ArrayRule(("epoch",), "float64", low=0, high=1, may_be_nan=True)
    assert column.problem_with(np.array([np.nan, 0.5])) == "" and "values from" in column.problem_with(np.array([np.nan, 2]))


def test_sizes_of_one_name_agree() -> None:
    curves, epochs = ArrayRule(("epoch", 4), "float64"), ArrayRule(("epoch",), "int64")
    shared: dict[str, int] = {}
    assert curves.allows(header(np.zeros((9, 4))), shared) and epochs.allows(header(np.zeros(9, np.int64)), shared)
    assert not epochs.allows(header(np.zeros(8, np.int64)), shared)
    assert (curves.nbytes, ArrayRule((3, 4), "float16").nbytes, ArrayRule(()).nbytes) == (None, 24, 4)
    assert (str(curves), str(ArrayRule((3, 4)))) == ("float64 (epoch, 4)", "float32 (3, 4)")


def test_a_layout_says_what_is_stored() -> None:
    everything = RunLayout(heads=2, positions=5, axes=(7,))
    assert (everything.n_to, everything.n_from, everything.row_sums(2)) == (5, 5, RowSums(2))
    some = RunLayout(2, 5, (7,), to_positions=[4], from_positions=[0, 3], rows_may_be_empty=True)
    assert (some.n_to, some.n_from) == (1, 2)
    assert some.row_sums(2) == RowSums(2, whole=False, may_be_empty=True)


def test_the_patterns_of_any_layout_are_declared() -> None:
    from headlapse.analysis.analyzers import AnalyzerRegistry

    declare = AnalyzerRegistry.get("attention_patterns").arrays  # type: ignore[attr-defined]
    layout = RunLayout(6, 5, (7, 2, 3), "float16", to_positions=[4], from_positions=[0, 3], rows_may_be_empty=True)
    assert declare(layout) == {"patterns": ArrayRule((6, 1, 2, 7, 2, 3), "float16", 0, 1, RowSums(2, False, True))}
    entropy = AnalyzerRegistry.get("attention_entropy").arrays(layout)["entropy"]  # type: ignore[attr-defined]
    assert (entropy.shape, entropy.high) == ((6, 1, 7, 2, 3), math.log(5))
