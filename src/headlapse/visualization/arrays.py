"""Arrays that are to be drawn: of real numbers, and of the shape a renderer reads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError, UnknownNameError


def array_of(epoch_data: object, name: str, axes: str, whole: bool = True) -> np.ndarray:
    """`epoch_data[name]`, numbers with these axes, e.g. "head to from p p", of which equal names have equal sizes.

    Raises `UnknownNameError` where there is no such array, `InvalidValueError` for text, complex numbers, truth values, another
    shape, and, of a `whole` array, for NaN and infinity.
    """
    array = arrays_of(epoch_data, {name: axes})[name]
    if whole and not np.isfinite(array).all():
        raise InvalidValueError(f"{name} holds NaN or infinity, and so no picture; look at the checkpoint it was made from")
    return array


def arrays_of(epoch_data: object, reads: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The arrays that are read, by name; an axis has one size in all of them. Raises as `array_of` does; they may hold NaN."""
    if not isinstance(epoch_data, Mapping):
        raise checks.wrong("epoch_data", "arrays by name, as ArtifactLoader.load_epoch gives them", epoch_data)
    sizes: dict[str, int] = {}
    found = {}
    for name, axes in reads.items():
        if name not in epoch_data:
            raise UnknownNameError.among("array", name, epoch_data)
        array = found[name] = real_array(name, epoch_data[name])
        if not _fits(array.shape, axes.split(), sizes):
            raise InvalidValueError(f"{name} must be ({', '.join(axes.split())}), got {array.shape}")
    return found


def real_array(name: str, values: object) -> np.ndarray:
    """`values` as an array of real numbers. Raises `InvalidValueError`."""
    try:
        array = np.asarray(values)
    except ValueError as error:  # rows of unequal lengths
        raise InvalidValueError(f"{name} must be an array with rows of equal lengths: {error}") from error
    if array.dtype.kind not in "iuf":
        raise InvalidValueError(f"{name} must be an array of real numbers, got one of {array.dtype}")
    return array


def _fits(shape: tuple[int, ...], axes: list[str], sizes: dict[str, int]) -> bool:
    """Whether each axis is as large as it is elsewhere; `sizes` learns those it meets first."""
    if len(shape) != len(axes) or 0 in shape:
        return False
    return all(sizes.setdefault(axis, size) == size for axis, size in zip(axes, shape, strict=True))
