"""Checks of arrays that are drawn: real numbers of the right shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.results.lazy_arrays import LazyArray

Array = np.ndarray | LazyArray


def array_of(epoch_data: object, name: str, axes: str) -> Any:
    """`epoch_data[name]`, numbers with these axes, e.g. "head to from a b", of which equal names have equal sizes.

    An array in a file is not read; index it to read what is needed. Raises `UnknownNameError` if there is no such array,
    `InvalidValueError` for text, complex numbers, truth values and another shape.
    """
    return arrays_of(epoch_data, {name: axes})[name]


def arrays_of(epoch_data: object, reads: Mapping[str, str]) -> dict[str, Any]:
    """The arrays that are read, by name; each axis has one size in all. Raises the errors of `array_of`; NaN is allowed."""
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


def finite(name: str, array: Array) -> None:
    """Raise `InvalidValueError` if `array` contains NaN or infinity."""
    if not np.isfinite(np.asarray(array)).all():
        raise InvalidValueError(f"{name} holds NaN or infinity, and so no picture; look at the checkpoint it was made from")


def real_array(name: str, values: object) -> Array:
    """`values` as an array of real numbers. Raises `InvalidValueError`."""
    if isinstance(values, LazyArray):
        array: Array = values
    else:
        try:
            array = np.asarray(values)
        except ValueError as error:  # rows of unequal lengths
            raise InvalidValueError(f"{name} must be an array with rows of equal lengths: {error}") from error
    if array.dtype.kind not in "iuf":
        raise InvalidValueError(f"{name} must be an array of real numbers, got one of {array.dtype}")
    return array


def _fits(shape: tuple[int, ...], axes: list[str], sizes: dict[str, int]) -> bool:
    """Whether each axis has the size in `sizes`; axes that are not in `sizes` yet are added."""
    if len(shape) != len(axes) or 0 in shape:
        return False
    return all(sizes.setdefault(axis, size) == size for axis, size in zip(axes, shape, strict=True))
