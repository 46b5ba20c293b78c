"""Artifacts of attention patterns that no variant of p = 7 with 4 heads can have, written by `np.savez`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headlapse.results.variant import Variant
from tests.dashboard.runs import patterns

ANALYZER = "attention_patterns"
RIGHT = patterns(7, epoch=1)


def changed(value: float) -> np.ndarray:
    """The right ones but for one cell."""
    array = RIGHT.copy()
    array[2, 1, 0, 3, 5] = value
    return array


def shifted(by: float) -> np.ndarray:
    """The right ones but for one row, which sums to `by` more than 1 and stays in [0, 1]."""
    array = RIGHT.copy()
    array[2, 2, :, 3, 5] = [0.25, 0.25, 0.5 + by]
    return array


BAD: dict[str, dict[str, np.ndarray]] = {
    "another p": {"patterns": patterns(5, epoch=1)},
    "a larger p": {"patterns": patterns(11, epoch=1)},
    "three of four heads": {"patterns": RIGHT[:3]},
    "two of three positions": {"patterns": RIGHT[:, :2, :2]},
    "NaN": {"patterns": changed(np.nan)},
    "infinity": {"patterns": changed(np.inf)},
    "minus infinity": {"patterns": changed(-np.inf)},
    "times seven": {"patterns": RIGHT * 7},
    "negative": {"patterns": -RIGHT},
    "rows that sum to more": {"patterns": shifted(2e-4)},
    "rows that sum to less": {"patterns": shifted(-2e-4)},
    "zeros": {"patterns": np.zeros_like(RIGHT)},
    "whole numbers": {"patterns": np.rint(RIGHT).astype(np.int64)},
    "truth values": {"patterns": RIGHT > 0.5},
    "float16": {"patterns": RIGHT.astype(np.float16)},
    "float64": {"patterns": RIGHT.astype(np.float64)},
    "another byte order": {"patterns": RIGHT.astype(">f4")},
    "complex": {"patterns": RIGHT.astype(np.complex64)},
    "text": {"patterns": RIGHT.astype("U4")},
    "an axis less": {"patterns": RIGHT[0]},
    "another name": {"pattern": RIGHT},
    "an array besides": {"patterns": RIGHT, "more": np.zeros(3)},
    "nothing": {},
}
NONFINITE = {"NaN", "infinity", "minus infinity"}


def place(variant: Variant, epoch: int, arrays: dict[str, np.ndarray]) -> Path:
    """Put `arrays` where the artifact of `epoch` belongs, as somebody else's program would."""
    path = variant.artifacts.paths.file(ANALYZER, epoch)
    np.savez_compressed(path, **arrays)
    return path
