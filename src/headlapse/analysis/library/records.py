"""Values in the checkpoints of a run, as arrays over its epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from headlapse.results.grokking import first_that_keeps

Records = Mapping[int, Mapping[str, Any]]


def column(records: Records, epochs: Int[np.ndarray, " epoch"], name: str) -> Float[np.ndarray, " epoch"]:
    """One number of each record, NaN if unknown."""
    values = [records.get(int(epoch), {}).get(name) for epoch in epochs]
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def grokking_epoch(epochs: Int[np.ndarray, " epoch"], test_accuracy: Float[np.ndarray, " epoch"]) -> Float[np.ndarray, ""]:
    """The epoch at which the run groks (`headlapse.results.grokking`); NaN if it does not, or if this is unknown."""
    grokked = first_that_keeps(dict(zip(epochs.tolist(), test_accuracy.tolist(), strict=True)))
    return np.array(np.nan if grokked is None else float(grokked))
