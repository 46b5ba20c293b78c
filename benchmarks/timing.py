"""Time alternatives fairly: in one process, in turns, medians over repeats."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Median seconds of one call, the plain way and ours; the floor is an estimate, None where there is none to give."""

    step: str
    plain: float
    ours: float
    floor: float | None = None

    @property
    def ratio(self) -> float:
        return self.plain / self.ours


def compare(step: str, plain: Work, ours: Work, floor: float | None = None, repeats: int = 11, per_call: int = 1) -> Timing:
    """Alternate both `repeats` times after one warm-up each; a call of `ours` counts as `per_call` pieces of work."""
    plain(), ours()
    pairs = [(seconds(plain), seconds(ours)) for _ in range(repeats)]
    plain_median, ours_median = (statistics.median(times) for times in zip(*pairs, strict=True))
    return Timing(step, plain_median, ours_median / per_call, floor)


def median(work: Work, repeats: int = 7) -> float:
    """Median seconds of `work` after one warm-up."""
    work()
    return statistics.median(seconds(work) for _ in range(repeats))


def seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
