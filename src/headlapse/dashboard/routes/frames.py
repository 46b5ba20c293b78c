"""Attention of all heads for one position pair at many epochs, as compact binary.

An answer is: the length of a JSON header (uint32), the header padded to 4 bytes, then the frames of `header["epochs"]` in that
order, each `(head, a, b)`, little-endian. `uint16` frames map [0, 1] to 0..65535 and are for painting; `float32` frames are
the artifact's own numbers. An epoch that cannot be read is in `header["failed"]` and hides no other.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from headlapse.dashboard.arguments import whole_number
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.panels import stamp
from headlapse.errors import FileStateError, IncompatibleFileError, InvalidValueError, NonFiniteError
from headlapse.results.expected import REMEDY
from headlapse.results.run import Run

ANALYZER = "attention_patterns"
MAX_EPOCHS = 64
DTYPES = ("uint16", "float32")


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("frames", __name__)

    @routes.get("/data/frames/<family>/<name>")
    def frames(family: str, name: str) -> Response:
        variant = context.variants.variant(family, name)
        epochs = [whole_number("epochs", part) for part in request.args.get("epochs", "").split(",")[:MAX_EPOCHS]]
        pair = whole_number("to", request.args.get("to", "")), whole_number("from", request.args.get("from", ""))
        dtype = request.args.get("dtype", DTYPES[0])
        if dtype not in DTYPES:
            raise InvalidValueError(f"dtype must be one of {', '.join(DTYPES)}, got {dtype!r}")
        return Response(pack(variant, epochs, pair, dtype), mimetype="application/octet-stream")

    return routes


def pack(variant: Run, epochs: list[int], pair: tuple[int, int], dtype: str) -> bytes:
    """The binary answer described above."""
    frames: list[bytes] = []
    header: dict[str, Any] = {"dtype": dtype, "epochs": [], "shapes": [], "stamps": [], "ranges": [], "failed": {}}
    for epoch in epochs:
        try:
            made = stamp(variant, ANALYZER, epoch)
            frame = read_frame(variant, epoch, pair)
        except FileStateError as error:
            header["failed"][epoch] = {"state": error.state, "error": str(error)}
            continue
        header["epochs"].append(epoch)
        header["shapes"].append(frame.shape)
        header["stamps"].append(made)
        header["ranges"].append([float(frame.min()), float(frame.max())])
        frames.append(_encode(frame, dtype))
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([struct.pack("<I", len(text)), text, *frames])


def read_frame(variant: Run, epoch: int, pair: tuple[int, int]) -> np.ndarray:
    """`(head, a, b)` attention weights of one pair. Raises a `FileStateError` where they are not to be trusted."""
    path = variant.artifacts.paths.file(ANALYZER, epoch)
    try:
        frame = variant.artifacts.load_part(ANALYZER, epoch, "patterns", np.s_[:, pair[0], pair[1]])
    except IndexError as error:
        raise InvalidValueError(f"there is no pair to={pair[0]}, from={pair[1]} in {path}: {error}") from error
    if frame.ndim != 3:
        raise IncompatibleFileError(path, "holds no patterns (head, to, from, a, b)", REMEDY)
    if not np.isfinite(frame).all():
        raise NonFiniteError(path, "holds NaN or infinity", "look at the weights of that checkpoint")
    return frame


def _encode(frame: np.ndarray, dtype: str) -> bytes:
    encoded = frame.astype("<f4") if dtype == "float32" else np.rint(np.clip(frame, 0, 1) * 65535).astype("<u2")
    return bytes(encoded.tobytes())
