"""Checks that the content of an intact file is right: the weights of that model, the arrays of that analyzer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from headlapse.errors import CorruptFileError, IncompatibleFileError
from headlapse.results.checkpoints import Checkpoint, check_finite, content_hash
from headlapse.results.expected import REMEDY
from headlapse.results.remedies import CHECKPOINT

Shapes = Mapping[str, tuple[int, ...]]


def check_weights(path: Path, weights: Mapping[str, np.ndarray], shapes: Shapes) -> None:
    """Raise `IncompatibleFileError` if `weights` have other names or shapes, `NonFiniteError` for NaN or infinity."""
    different = _difference(weights, shapes)
    if different:
        remedy = "move the checkpoint back where it came from, or import it with `headlapse import`"
        raise IncompatibleFileError(path, f"is not of its variant's architecture: {different}", remedy)
    check_finite(path, weights)


def check_hash(path: Path, checkpoint: Checkpoint) -> None:
    """Raise `CorruptFileError` if the weights do not match the sha256 by which artifacts identify the checkpoint."""
    if content_hash(checkpoint.weights) != checkpoint.sha256:
        raise CorruptFileError(path, "holds other weights than its sha256 says", CHECKPOINT)


def check_arrays(path: Path, arrays: Mapping[str, np.ndarray], axes: Mapping[str, str], n_axes: int | None = None) -> None:
    """Raise `IncompatibleFileError` if an array of numbers with these axes is missing, e.g. `{"entropy": "head to *axes"}`.

    `*axes` stands for the axes of the inputs; there are `n_axes` of them if that is known.
    """
    for name, names in axes.items():
        array = arrays.get(name)
        if array is None or not _fits(array.ndim, names.split(), n_axes) or array.size == 0 or array.dtype.kind not in "biuf":
            found = {name: [str(array.dtype), list(array.shape)] for name, array in arrays.items()}
            raise IncompatibleFileError(path, f"holds {found}, expected {name} as ({', '.join(names.split())})", REMEDY)


def _fits(rank: int, names: Sequence[str], n_axes: int | None) -> bool:
    if "*axes" not in names:
        return rank == len(names)
    return rank >= len(names) if n_axes is None else rank == len(names) - 1 + n_axes


def _difference(weights: Mapping[str, np.ndarray], shapes: Shapes) -> str:
    """The first kind of difference, in words; empty if there is none."""
    missing, unknown = sorted(shapes.keys() - weights.keys()), sorted(weights.keys() - shapes.keys())
    if missing:
        return f"it has no {', '.join(missing)}" + (f", but {', '.join(unknown)}" if unknown else "")
    if unknown:
        return f"it has {', '.join(unknown)} besides"
    wrong = [name for name, shape in shapes.items() if weights[name].shape != shape]
    if wrong:
        return "; ".join(f"{name} has shape {weights[name].shape}, expected {shapes[name]}" for name in wrong)
    numbers = [name for name, array in weights.items() if array.dtype.kind != "f"]
    return "; ".join(f"{name} holds {weights[name].dtype}, expected a floating type" for name in numbers)
