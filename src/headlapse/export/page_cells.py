"""The pictures of one choice of values as plain data of an offline page."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from typing import Any

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.export.cells import span_of, steps_of
from headlapse.export.timelapse import Timelapse, differing
from headlapse.visualization import wire
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids


def described(frames: Timelapse, most_cells: int) -> dict[str, Any]:
    """The pictures of all epochs as plain data: lines, or deflated cells. Raises `InvalidValueError` for too many cells."""
    first = frames.picture(frames.epochs[0])
    described = _lines(frames) if isinstance(first, Lines) else _grids(frames, first, most_cells)
    return {"subject": first.subject, **described}


def _lines(frames: Timelapse) -> dict[str, Any]:
    pictures = [picture for epoch in frames.epochs if isinstance(picture := frames.picture(epoch), Lines)]
    charts = [wire.lines(picture) for picture in pictures]
    subjects = differing([picture.subject for picture in pictures])
    alike = charts[:1] if all(chart == charts[0] for chart in charts) else charts
    return {"subjects": subjects, "grids": None, "lines": alike, "overlays": [], "span": [0, 1], "hasGaps": False, "cells": ""}


def _grids(frames: Timelapse, first: Grids, most_cells: int) -> dict[str, Any]:
    """The deflated cells of all epochs, `(frame, panel, row, column)`, and their description."""
    most = most_cells // first.values.size
    if len(frames) > most:
        raise InvalidValueError(f"{len(frames)} frames of this size are too many for a page; choose at most {most}")
    span, has_gaps = span_of(_grids_at(frames, epoch) for epoch in frames.epochs)
    deflate = zlib.compressobj()
    chunks, overlays, subjects = [], [], []
    before: np.ndarray | None = None
    for epoch in frames.epochs:
        picture = _grids_at(frames, epoch)
        steps = steps_of(picture.values, span, has_gaps)
        chunks.append(deflate.compress((steps if before is None else steps - before).tobytes()))
        overlays.append(wire.grids(picture).get("curves", []))
        subjects.append(picture.subject)
        before = steps
    chunks.append(deflate.flush())
    return {
        "subjects": differing(subjects),
        "grids": wire.grids(replace(first, curves=())),
        "lines": [],
        "overlays": overlays if any(overlays) else [],
        "span": span,
        "hasGaps": has_gaps,
        "cells": base64.b64encode(b"".join(chunks)).decode(),
    }


def _grids_at(frames: Timelapse, epoch: int) -> Grids:
    picture = frames.picture(epoch)
    assert isinstance(picture, Grids)
    return picture
