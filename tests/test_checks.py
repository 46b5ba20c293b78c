"""What is taken for a number, a text, a list or a path, and what is said of anything else."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlapse import checks
from headlapse.errors import InvalidValueError, UnknownNameError

HUGE = 10**5000  # Python writes no such number


def kind(value: object) -> str:
    return type(value).__name__


@pytest.mark.parametrize("value", [5, np.int64(5), np.uint8(5)])
def test_numpy_numbers_are_whole_numbers(value: Any) -> None:
    found = checks.whole("n", value)
    assert found == 5 and type(found) is int


NO_WHOLE_NUMBERS = (True, False, np.True_, 5.0, np.float64(5), "5", b"5", None, [5], np.array(5), 5j, HUGE, -1)


@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS, ids=kind)
def test_what_is_no_whole_number(value: Any) -> None:
    with pytest.raises(InvalidValueError, match=r"^n must be a whole number >= 0, got .{1,70}$"):
        checks.whole("n", value)


def test_the_range_of_whole_numbers_is_named() -> None:
    assert [checks.whole("n", value, 1, 8) for value in (1, 8)] == [1, 8]
    for value in (0, 9):
        with pytest.raises(InvalidValueError, match=rf"n must be a whole number from 1 to 8, got {value}"):
            checks.whole("n", value, 1, 8)


@pytest.mark.parametrize("value", [0.5, Fraction(1, 2), np.float32(0.5), np.float64(0.5)])
def test_numbers(value: Any) -> None:
    found = checks.number("x", value)
    assert found == 0.5 and type(found) is float


def test_minus_zero_is_zero() -> None:
    assert [str(checks.number("x", value)) for value in (-0.0, np.float32(-0.0), 0)] == ["0.0"] * 3


NO_NUMBERS = (True, np.False_, "0.5", None, float("nan"), np.float32("inf"), HUGE, 1j, [0.5], np.array(0.5))


@pytest.mark.parametrize("value", NO_NUMBERS, ids=kind)
def test_what_is_no_number(value: Any) -> None:
    with pytest.raises(InvalidValueError, match=r"^x must be a finite number, got .{1,70}$"):
        checks.number("x", value)


@pytest.mark.parametrize("stated", [2**53, 0.1, 1e300, np.int64(2**53)])
def test_what_a_float_holds(stated: Any) -> None:
    assert checks.exact("x", stated, float(stated)) == stated


@pytest.mark.parametrize("stated", [2**53 + 1, np.int64(2**53 + 1)])
def test_what_no_float_holds(stated: Any) -> None:
    with pytest.raises(InvalidValueError, match="cannot be stored as 9007199254740993, but only as 9007199254740992"):
        checks.exact("x", int(stated), float(stated))


@pytest.mark.parametrize("value", [[1, 2], (1, 2), np.array([1, 2]), range(1, 3), {1: "a", 2: "b"}.keys(), iter([1, 2])])
def test_series_of_any_kind_are_lists(value: Any) -> None:
    assert checks.several(checks.whole, "epochs", value, "epochs") == [1, 2]


@pytest.mark.parametrize("value", ["12", b"12", 12, None, {1: 2}, np.array(12), True])
def test_what_is_no_list(value: Any) -> None:
    with pytest.raises(InvalidValueError, match="epochs must be a list of epochs, got"):
        checks.several(checks.whole, "epochs", value, "epochs")


def test_each_of_a_list_is_checked_and_an_empty_one_may_be_refused() -> None:
    with pytest.raises(InvalidValueError, match=r"each of epochs must be a whole number >= 0, got '2'"):
        checks.several(checks.whole, "epochs", [1, "2"], "epochs")
    with pytest.raises(InvalidValueError, match="epochs is empty; name at least one epoch, or leave it out"):
        checks.some(checks.whole, "epochs", [], "epoch")


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert checks.path("results", "~/runs") == Path("/home/ada/runs")
    assert checks.path("results", Path("a/b")) == Path("a/b")
    with pytest.raises(InvalidValueError, match=r"results ~nobody-of-this-name/x: no home folder is known"):
        checks.path("results", "~nobody-of-this-name/x")


@pytest.mark.parametrize("value", ["", "a\0b", b"a", 5, None, True, ["a"]])
def test_what_is_no_path(value: Any) -> None:
    with pytest.raises(InvalidValueError, match="results must be a path"):
        checks.path("results", value)


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: checks.flag("force", 0), "force must be True or False, got 0"),
    (lambda: checks.flag("force", "no"), "force must be True or False, got 'no'"),
    (lambda: checks.text("title", 5), "title must be a text, got 5"),
    (lambda: checks.one_of("device", "tpu", ["auto", "cpu", "cuda"]), "device must be auto, cpu or cuda, got 'tpu'"),
    (lambda: checks.one_of("device", ["cpu"], ["auto", "cpu", "cuda"]), r"device must be auto, cpu or cuda, got \['cpu'\]"),
    (lambda: checks.function("progress", 5), "progress must be a function, got 5"),
    (lambda: checks.optional(checks.text, "title", 5), "title must be a text, got 5"),
]


@pytest.mark.parametrize(("check", "message"), REFUSED)
def test_other_kinds(check: Callable[[], object], message: str) -> None:
    with pytest.raises(InvalidValueError, match=f"^{message}$"):
        check()


def test_names_that_are_not_known_are_listed_beside_those_that_are() -> None:
    checks.known("option", ["a"], ["a", "b"])
    with pytest.raises(UnknownNameError, match="unknown option 'c'; known: a, b"):
        checks.known("option", ["a", "c"], ["b", "a"])


@pytest.mark.parametrize("value", ["x" * 9999, list(range(9999)), np.zeros((99, 99)), HUGE, [HUGE], "a\nb", object()], ids=kind)
def test_a_value_is_shown_short_and_in_one_line(value: Any) -> None:
    shown = checks.shown(value)
    assert 0 < len(shown) < 120 and "\n" not in shown


def test_a_name_that_is_not_known_is_shown_short() -> None:
    with pytest.raises(UnknownNameError, match=r"^unknown view '9{20,40}\.\.\.9{20,40}'; known: a$"):
        checks.known("view", ["9" * 5000], ["a"])
