"""Grids that are finer than the screen, reduced to means of blocks of cells."""

from __future__ import annotations

import numpy as np


def block_of(shape: tuple[int, ...], size: int | None) -> tuple[int, int]:
    """The rows and columns of cells per value, if a side has room for `size` values; None: any number."""
    rows, columns = shape
    return (1, 1) if size is None else (max(1, -(-rows // size)), max(1, -(-columns // size)))


def reduced(values: np.ndarray, block: tuple[int, int]) -> np.ndarray:
    """The means of blocks of `values[panel, row, column]`; the last blocks may be smaller."""
    for axis, step in zip((1, 2), block, strict=True):
        if step > 1:
            starts = np.arange(0, values.shape[axis], step)
            counts = np.diff(np.append(starts, values.shape[axis]))
            sums = np.add.reduceat(values, starts, axis=axis, dtype=np.float64)
            values = sums / (counts[:, None] if axis == 1 else counts)
    return values
