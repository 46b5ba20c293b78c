"""When a run groks: the first checkpoint with a test accuracy of at least 0.99 that all later ones keep.

It is unknown if no accuracy is recorded. A small loss is no substitute, because the threshold would depend on the task.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headlapse.results.run import Run

GROKKED = 0.99


def first_that_keeps(accuracies: Mapping[int, float | None]) -> int | None:
    """The first epoch from which every known test accuracy, in [0, 1], is at least 0.99; None if there is none.

    `accuracies` has one entry per checkpoint; None or NaN means unknown.
    """
    grokked = None
    for epoch, accuracy in sorted(accuracies.items(), reverse=True):
        if accuracy is None or math.isnan(accuracy):
            continue
        if accuracy < GROKKED:
            break
        grokked = epoch
    return grokked


def grokked_at(run: Run) -> int | None:
    """The epoch at which `run` groks; None if it does not, or if no test accuracy is recorded."""
    return first_that_keeps(run.test_accuracies())
