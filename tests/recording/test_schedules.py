"""Which epochs are captured, and what that costs at most."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.recording.schedules import AFFORDABLE, GROWTH, Cost, schedule_of


def captured(given: object, last: int, step_seconds: float = 1.0, capture_seconds: float = 0.0) -> tuple[list[int], Cost]:
    """The epochs after 0 that are captured, each epoch taking `step_seconds`, and the cost in the end."""
    schedule, cost, found = schedule_of(given), Cost(), [0]
    cost.captures, cost.count, cost.total = capture_seconds, 1, capture_seconds
    for epoch in range(1, last + 1):
        cost.total += step_seconds
        if schedule.is_due(epoch, found[-1], cost):
            found.append(epoch)
            cost.captures, cost.total, cost.count = (
                cost.captures + capture_seconds,
                cost.total + capture_seconds,
                cost.count + 1,
            )
    return found[1:], cost


def test_every_so_many_epochs_a_list_and_log_spaced_ones() -> None:
    assert captured(7, 30)[0] == [7, 14, 21, 28]
    assert captured([3, 20, 3, 99], 30)[0] == [3, 20]
    assert captured(range(0, 31, 10), 30)[0] == [10, 20, 30]
    found, _ = captured("log", 100_000)
    assert found[:20] == list(range(1, 21)) and found[-1] > 95_000 and len(found) == pytest.approx(190, abs=10)
    assert all(after >= before * GROWTH for before, after in itertools.pairwise(found))


def test_steps_that_are_told_now_and_then_skip_nothing_that_is_due() -> None:
    schedule = schedule_of(100)
    found = [0]
    for epoch in range(30, 1000, 30):
        if schedule.is_due(epoch, found[-1], Cost()):
            found.append(epoch)
    assert found == [0, 120, 210, 300, 420, 510, 600, 720, 810, 900]


@pytest.mark.parametrize("capture_seconds", [0.001, 0.1, 1.0, 30.0])
def test_by_default_captures_take_less_than_5_percent(capture_seconds: float) -> None:
    found, cost = captured(None, 20_000, step_seconds=0.05, capture_seconds=capture_seconds)
    assert cost.share <= AFFORDABLE + capture_seconds / (20_000 * 0.05) and cost.share < 0.05 + 0.03 * (capture_seconds == 30)
    assert found or capture_seconds == 30, "one capture of that length is more than 4 % of a thousand seconds"
    cheap, _ = captured("log", 20_000)
    assert len(found) <= len(cheap) and (capture_seconds > 0.01 or len(found) > 0.9 * len(cheap))


def test_a_budget_needs_the_length_and_only_adaptive_takes_one() -> None:
    with pytest.raises(InvalidValueError, match="needs the length of the training: give total="):
        schedule_of("adaptive")
    for given in (None, 5, "log", [1, 2]):
        with pytest.raises(InvalidValueError, match="total and budget need"):
            schedule_of(given, budget=10)
    for options in ({"total": 0}, {"total": 10, "budget": 2}):
        with pytest.raises(InvalidValueError, match="must be a whole number >="):
            schedule_of("adaptive", **options)


def test_adaptive_captures_are_dense_where_attention_moves() -> None:
    """Attention moves between epochs 600 and 700 only; first and newest stay, and never are there more than the budget."""
    schedule = schedule_of("adaptive", total=1000, budget=12)
    kept = [0]
    list(schedule.landed(0, np.zeros((1, 2, 2, 1)), {}))
    for epoch in range(1, 1001):
        if schedule.is_due(epoch, kept[-1], Cost()):
            share = min(max((epoch - 600) / 100, 0), 1)
            row = np.array([1 - share, share]).reshape(1, 1, 2, 1).repeat(2, axis=1)
            kept.append(epoch)
            for dropped in schedule.landed(epoch, row, {"test_loss": 1.0}):
                kept.remove(dropped)
            assert len(kept) <= 12 and kept[0] == 0 and kept[-1] == epoch
    gaps = np.diff(kept)
    within = [gap for gap, after in zip(gaps, kept[1:], strict=True) if 600 < after <= 700]
    assert len(within) >= 3 and 3 * np.median(within) <= gaps.max()
