"""Pictures of one view at many epochs, as compact binary.

An answer is: the length of a JSON header (uint32), the header padded to 4 bytes, then the values of the epochs in
`header["epochs"]`, in that order, each `(panel, row, column)`, little-endian. `header["grids"]` holds their common properties,
`header["subject"]` describes the picture, and `header["subjects"]` each frame. `float32` values are exact. Other dtypes are
steps, for painting: `uint16` divides the range of the grids, `uint8` the range of the frames of this answer, `header["span"]`.
With the coding "difference" the steps of the frame before are subtracted from those of each frame, modulo the size of their
type. Values beyond the range of the grids, and NaN, are sent as float32 whatever was asked. With `header["block"]` (rows,
columns) other than 1 each value is the mean of a block of cells. Pictures of lines have no values: `header["lines"]` has one
entry per epoch. An epoch that cannot be shown is in `header["failed"]` and hides no other.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from headlapse import checks
from headlapse.dashboard.blocks import block_of, reduced
from headlapse.dashboard.stamps import stamp
from headlapse.errors import FileStateError, NoPictureError
from headlapse.results.run import Run
from headlapse.visualization import wire
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import View

DTYPES = ("uint16", "float32", "uint8")
CODINGS = ("plain", "difference")
TOPS = {"uint16": 65535, "uint8": 255}

Picture = Grids | Lines


@dataclass(frozen=True)
class Question:
    """A view with values of its controls, at epochs.

    `panels` are the numbers of the wanted panels; None: all. `size` is the number of cells for which one side of a panel has
    room on the screen; finer grids are reduced to it. `coding` applies to steps; float32 values are always plain.
    """

    view: View
    epochs: Sequence[int]
    options: Mapping[str, str] = field(default_factory=dict)
    dtype: str = DTYPES[0]
    panels: Sequence[int] | None = None
    size: int | None = None
    coding: str = CODINGS[0]

    def __post_init__(self) -> None:
        checks.one_of("dtype", self.dtype, DTYPES)
        checks.one_of("coding", self.coding, CODINGS)


def pack(variant: Run, question: Question) -> bytes:
    """The binary answer described above. Raises `InvalidValueError` or another `HeadlapseError` for invalid options."""
    header: dict[str, Any] = {"epochs": [], "stamps": [], "failed": {}}
    pictures: list[Picture] = []
    for epoch, made, picture in _pictures(variant, question, header["failed"]):
        if pictures and _shared(picture) != _shared(pictures[0]):
            problem = "shows other panels or axes than the epochs before it"
            header["failed"][epoch] = {"state": "incompatible", "error": f"epoch {epoch} {problem}"}
            continue
        header["epochs"].append(epoch)
        header["stamps"].append(made)
        pictures.append(picture)
    values = _described(header, pictures, question)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([struct.pack("<I", len(text)), text, *values])


def _pictures(variant: Run, question: Question, failed: dict[int, Any]) -> Iterator[tuple[int, str, Picture]]:
    """The available pictures, with the stamps of their artifacts."""
    view, labels = question.view, variant.labels
    arguments = view.arguments(question.options, labels)
    for epoch in question.epochs:
        made = stamp(variant, view, epoch)
        try:
            picture = view.draw(view.arrays_of(variant, epoch, arguments), epoch, labels, **arguments)
        except (FileStateError, NoPictureError) as error:
            failed[epoch] = {"state": getattr(error, "state", "nonfinite"), "error": str(error)}
        else:
            yield (
                epoch,
                made,
                picture if question.panels is None or isinstance(picture, Lines) else picture.only(question.panels),
            )


def _shared(picture: Picture) -> Any:
    """The common properties of the frames of one answer."""
    return None if isinstance(picture, Lines) else wire.grids(replace(picture, curves=()))


def _described(header: dict[str, Any], pictures: Sequence[Picture], question: Question) -> list[bytes]:
    """Complete the header, and return the values that follow it."""
    if not pictures:
        return []
    header |= {"subject": pictures[0].subject, "subjects": [picture.subject for picture in pictures]}
    lines = [picture for picture in pictures if isinstance(picture, Lines)]
    if lines:
        header["lines"] = [wire.lines(picture) for picture in lines]
        return []
    grids = [picture for picture in pictures if isinstance(picture, Grids)]
    block = block_of(grids[0].values.shape[1:], question.size)
    frames = [reduced(picture.values, block) for picture in grids]
    extents = [_extent(frame) for frame in frames]
    span = _span(extents) if question.dtype == "uint8" else grids[0].limits
    dtype = question.dtype if all(_fits(frame, span) for frame in frames) else "float32"
    curves = [wire.grids(picture).get("curves", []) for picture in grids]
    header |= {"grids": _shared(grids[0]), "block": block, "dtype": dtype, "shape": frames[0].shape}
    header["ranges"] = extents
    if any(curves):
        header["curves"] = curves
    if dtype == "float32":
        return [frame.astype("<f4").tobytes() for frame in frames]
    header |= {"coding": question.coding, **({"span": span} if dtype == "uint8" else {})}
    steps = np.stack([_steps(frame, dtype, span) for frame in frames])
    if question.coding == "difference":
        steps[1:] -= steps[:-1].copy()
    return [steps.tobytes()]


def _extent(frame: np.ndarray) -> list[float] | None:
    known = frame[np.isfinite(frame)] if np.isnan(frame).any() else frame
    return [float(known.min()), float(known.max())] if known.size else None


def _fits(frame: np.ndarray, limits: tuple[float, float]) -> bool:
    low, high = limits
    return bool((frame >= low).all() and (frame <= high).all())  # NaN is neither


def _span(extents: Sequence[Sequence[float] | None]) -> tuple[float, float]:
    """The range of all frames; an arbitrary one if they have no number."""
    known = [extent for extent in extents if extent is not None]
    return min((low for low, _ in known), default=0.0), max((high for _, high in known), default=0.0)


def _steps(frame: np.ndarray, dtype: str, span: tuple[float, float]) -> np.ndarray:
    low, high = span
    scale = TOPS[dtype] / (high - low) if high > low else 0.0
    return np.rint((frame - low) * scale).astype(np.dtype(dtype).newbyteorder("<"))
