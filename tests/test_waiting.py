"""A condition that comes late is waited for; one that never comes fails with what was last seen."""

from __future__ import annotations

import pytest

from tests.waiting import eventually, until


def test_what_comes_late_is_waited_for() -> None:
    seen: list[int] = []

    def third_look() -> bool:
        seen.append(1)
        return len(seen) == 3

    def sixth_look() -> None:
        seen.append(1)
        assert len(seen) == 6

    until(third_look)
    eventually(sixth_look)
    assert len(seen) == 6


def test_what_never_comes_is_told() -> None:
    with pytest.raises(AssertionError, match="still red"):
        until(lambda: False, said=lambda: "still red", seconds=0.1)
    with pytest.raises(AssertionError, match="no green"):
        eventually(never_green, seconds=0.1)


def never_green() -> None:
    raise AssertionError("no green")
