"""Inputs of the probe as coordinates along its axes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from headlapse.families.axes import Axis


def over_axes(values: np.ndarray, axes: Sequence[Axis]) -> np.ndarray:
    """`values[input, ...]` as `[..., *axes]`: the rows of the probe, in C order, become its axes, which come last.

    Raises `ValueError` if the axes do not enumerate the inputs.
    """
    sizes = [axis.size for axis in axes]
    if prod(sizes) != len(values):
        described = " x ".join(f"{axis.name} {axis.size}" for axis in axes)
        raise ValueError(f"the axes {described} do not enumerate {len(values)} inputs")
    return np.moveaxis(values, 0, -1).reshape(*values.shape[1:], *sizes)


def as_numpy(values: Any) -> np.ndarray:
    """`values`, a numpy array or a torch tensor on any device, as a numpy array, copied only if necessary."""
    detach = getattr(values, "detach", None)
    return np.asarray(values if detach is None else detach().cpu().numpy())
