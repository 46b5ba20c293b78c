"""Rules for the arrays of an artifact, and the check that an array follows them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from headlapse.storage.npy_header import ArrayHeader

Size = int | str  # a number, or the name of a size that the arrays of one artifact share, e.g. "epoch"
ROW_TOLERANCE = 1e-4  # tolerance of a float32 sum; float16 adds its own rounding
ROUNDINGS = 8  # units in the last place by which a value may leave its range


@dataclass(frozen=True)
class RowSums:
    """Every row along `axis` sums to 1, or to at most 1 if only some positions are stored (not `whole`).

    Rows without any weight, such as those of padding, sum to 0; this is only allowed if they `may_be_empty`.
    """

    axis: int
    whole: bool = True
    may_be_empty: bool = False


@dataclass(frozen=True)
class ArrayRule:
    """Shape, dtype, range and row sums of one array. NaN is allowed only if it `may_be_nan`, infinity never."""

    shape: tuple[Size, ...]
    dtype: str = "float32"
    low: float = -math.inf
    high: float = math.inf
    rows: RowSums | None = None
    may_be_nan: bool = False

    def __str__(self) -> str:
        return in_words(self.dtype, self.shape)

    @property
    def nbytes(self) -> int | None:
        """Bytes of the array; None if a size is not known beforehand."""
        sizes = [size for size in self.shape if isinstance(size, int)]
        return math.prod(sizes) * np.dtype(self.dtype).itemsize if len(sizes) == len(self.shape) else None

    def allows(self, header: ArrayHeader, shared: dict[str, int]) -> bool:
        """Whether dtype and shape are those of the rule. Sizes known by name are looked up in `shared`, or added to it."""
        if header.dtype != np.dtype(self.dtype) or len(header.shape) != len(self.shape):
            return False
        named = zip(self.shape, header.shape, strict=True)
        return all(found == (shared.setdefault(size, found) if isinstance(size, str) else size) for size, found in named)

    def is_finite(self, array: np.ndarray) -> bool:
        """Whether all values are finite, or NaN if that is allowed."""
        span = _span(array, self.may_be_nan)
        return all(map(math.isfinite, span)) or (self.may_be_nan and all(map(math.isnan, span)))

    def problem_with(self, array: np.ndarray) -> str:
        """The problem with finite values of the right dtype and shape; empty if there is none."""
        return (array.size and (self._out_of_range(array) or self._wrong_rows(array))) or ""

    def _out_of_range(self, array: np.ndarray) -> str:
        low, high = _span(array, self.may_be_nan)
        slack = ROUNDINGS * _epsilon(array)
        if low < self.low - slack or high > self.high + slack:
            return f"values from {low:.6g} to {high:.6g}, expected {self.low:g} to {self.high:.6g}"
        return ""

    def _wrong_rows(self, array: np.ndarray) -> str:
        if self.rows is None:
            return ""
        sums = array.sum(axis=self.rows.axis, dtype=np.float64)
        if self.rows.may_be_empty:
            sums = sums[sums != 0]
        tolerance = ROW_TOLERANCE + _epsilon(array)
        low, high = (float(sums.min()), float(sums.max())) if sums.size else (1.0, 1.0)
        if high > 1 + tolerance or (self.rows.whole and low < 1 - tolerance):
            most = "" if self.rows.whole else "at most "
            return f"rows that sum to {low:.6g} up to {high:.6g}, expected {most}1 within {tolerance:.1g}"
        return ""


def in_words(dtype: object, shape: tuple[Size, ...]) -> str:
    """A dtype and shape: 'float32 (4, 3, 3, 113, 113)'."""
    return f"{dtype} ({', '.join(map(str, shape))})"


def _span(array: np.ndarray, skip_nan: bool) -> tuple[float, float]:
    """Least and largest value; NaN if the array has any, unless they are skipped."""
    if array.size == 0:
        return 0.0, 0.0
    least, largest = (np.fmin, np.fmax) if skip_nan else (np.minimum, np.maximum)
    return float(least.reduce(array, axis=None)), float(largest.reduce(array, axis=None))


def _epsilon(array: np.ndarray) -> float:
    return float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0
