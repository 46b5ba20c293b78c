"""The split: which inputs of the probe train, and which test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int8

if TYPE_CHECKING:
    from headlapse.families.tasks import Settings, Task

UNKNOWN, TRAIN, TEST = -1, 0, 1


def parts(task: Task, settings: Settings, n_inputs: int) -> Int8[np.ndarray, " inputs"]:
    """Whether each input trains (0) or tests (1); -1 if the settings do not determine it."""
    part = np.full(n_inputs, UNKNOWN, dtype=np.int8)
    if all(name in settings for name in getattr(task, "needs", ())):
        train, test = (np.asarray(rows) for rows in task.split(settings))
        part[train], part[test] = TRAIN, TEST
    return part
