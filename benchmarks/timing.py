"""Time alternatives fairly: in one process, in turns, medians over repeats."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Median seconds of one call: the plain way beside ours, ours, and the plain way apart. The floor is an estimate."""

    step: str
    plain: float
    ours: float
    apart: float = math.nan
    floor: float = math.nan

    @property
    def ratio(self) -> float:
        return self.plain / self.ours

    @property
    def ratio_apart(self) -> float:
        return self.apart / self.ours


def compare(
    step: str,
    plain: Work,
    ours: Work,
    floor: float = math.nan,
    repeats: int = 21,
    per_call: int = 1,
    apart: Callable[[], float] = lambda: math.nan,
) -> Timing:
    """Alternate both `repeats` times after one warm-up each; a call of `ours` counts as `per_call` pieces of work.

    `apart`, as often, has the plain work done by another process and returns its seconds.
    """
    plain(), ours(), apart()
    pairs = [(seconds(plain), seconds(ours)) for _ in range(repeats)]
    plain_median, ours_median = (statistics.median(times) for times in zip(*pairs, strict=True))
    apart_median = statistics.median(apart() for _ in range(repeats))
    return Timing(step, plain_median, ours_median / per_call, apart_median, floor)


def median(work: Work, repeats: int = 7) -> float:
    """Median seconds of `work` after one warm-up."""
    work()
    return statistics.median(seconds(work) for _ in range(repeats))


def seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
