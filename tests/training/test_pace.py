"""The pace that is shown is that of the last half minute, and the time left is what it gives."""

from __future__ import annotations

import math

import pytest

from headlapse.training import pace
from headlapse.training.pace import Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of now."""
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def run(shown: Pace, clock: list[float], epochs: int, seconds: float) -> None:
    """So many epochs, one after the other, each in `seconds`."""
    for epoch in range(shown.epoch + 1, shown.epoch + 1 + epochs):
        clock[0] += seconds
        shown.advance(epoch, 0.5)


def test_a_slow_start_is_forgotten(clock: list[float]) -> None:
    shown = Pace(0, 20_000)
    run(shown, clock, 100, 10.0)
    assert shown.per_second == pytest.approx(0.1)
    run(shown, clock, 1_000, 0.08)
    assert shown.per_second == pytest.approx(12.5, rel=0.01)
    assert shown.seconds_left == pytest.approx((20_000 - 1_100) / shown.per_second)
    assert shown.speed == "12.5 epochs/s  25 min left"


def test_epochs_of_an_earlier_run_do_not_count(clock: list[float]) -> None:
    shown = Pace(10_000, 10_020)
    run(shown, clock, 10, 2.0)
    assert (shown.per_second, shown.seconds_left) == (0.5, 20.0)


def test_what_is_not_known_is_not_written(clock: list[float]) -> None:
    shown = Pace(0, 1000)
    assert str(shown) == "epoch 0 / 1,000"
    shown.advance(1, 4.0, math.nan)
    assert str(shown) == "epoch 1 / 1,000  train loss 4.000e+00"
    clock[0] += 2
    shown.advance(2, 3.0, 2.5)
    shown.advance(3, 2.0, math.nan)
    assert str(shown) == "epoch 3 / 1,000  train loss 2.000e+00  test loss 2.500e+00  1.5 epochs/s  11 min left"
