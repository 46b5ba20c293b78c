"""Time-lapses as one HTML file that can be scrubbed offline: data, style and script (`web/page`) are all inside.

Frames are stored as one byte per cell, a step of the colour range, as deflated differences from frame to frame. With the
default colours every pixel is exact. Values read from the page are rounded to steps of 1/255 of the range.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import product
from math import prod
from typing import Any

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.export.cells import span_of, steps_of
from headlapse.export.frame import Frame
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse, differing
from headlapse.export.web import curves, static
from headlapse.visualization import wire
from headlapse.visualization.controls import is_extra
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids
from headlapse.visualization.run_marks import marks
from headlapse.visualization.scalar_curves import curves as scalar_curves

MOST_CELLS = 500_000_000  # bytes in the reader's memory
MOST_TOGETHER = 10_000_000  # cells of all choices together; of larger runs only what was chosen goes into the page


def page(sides: Sides, theme: str, fps: float) -> bytes:
    """The whole HTML file. It has all of the grids, and begins with the region that was asked for."""
    region = sides.frames[0].region
    sides = replace(sides, frames=tuple(replace(side, region=None) for side in sides.frames))
    described = [_side(sides, number) for number in range(len(sides.frames))]
    first = sides.frames[0]
    offered = {name for part in described[0]["parts"] for name in part["choices"]}
    content = {
        "controls": [control for control in _controls(first) if control["isLook"] or control["name"] in offered],
        "choices": {**described[0]["parts"][0]["choices"], **first.looks},
        "sides": [{**side, "moments": moments} for side, moments in zip(described, _moments(sides), strict=True)],
        "moments": [{"epoch": moment.epoch, "shown": moment.shown} for moment in sides.moments],
        "scales": wire.scales(),
        "fps": fps,
        "region": None if region is None else {"rows": region.rows, "columns": region.columns},
    }
    texts = {
        "description": escape(sides.identity),
        "title": escape(f"{', '.join(side['variant'] for side in described)}: {described[0]['parts'][0]['subject']}"),
        "theme": theme,
        "style": static("page/page.css"),
        "script": static("page/page.js"),
        "content": json.dumps(content, allow_nan=False).replace("<", "\\u003c"),
    }
    html = static("page/page.html")
    for name, text in texts.items():
        html = html.replace(f"<!--{name}-->", text, 1)
    return html.encode()


def _side(sides: Sides, number: int) -> dict[str, Any]:
    """One run: how it stands beside the others, its pictures by choice, its curves and marks."""
    frames, run = sides.frames[number], sides.frames[number].variant
    first = frames.picture(frames.epochs[0])
    parts = list(_parts(frames, first, MOST_TOGETHER // len(sides.frames)))
    return {
        "id": f"{run.family_name}/{run.name}",
        "variant": run.name if sides.only else run.label,
        "note": sides.notes[number],
        "pin": sides.pins[number],
        "shift": sides.shifts[number],
        "parts": [{"choices": choices, **_described(part)} for choices, part in parts],
        "curves": curves(frames.losses),
        "marks": marks(run),
        "scalars": scalar_curves(run),
    }


def _moments(sides: Sides) -> list[list[dict[str, Any]]]:
    """The epochs of each side, with the losses there."""
    found: list[dict[int, dict[str, Any]]] = [{} for _ in sides.frames]
    for frames in sides:
        for known, frame in zip(found, frames, strict=True):
            known[frame.epoch or 0] = _moment(frame)
    return [[known[epoch] for epoch in side.epochs if epoch in known] for known, side in zip(found, sides.frames, strict=True)]


def _controls(frames: Timelapse) -> list[dict[str, Any]]:
    arrays = frames.view.load(frames.variant.artifacts, frames.epochs[0])
    return wire.controls(frames.view, arrays, frames.variant.labels)


def _parts(frames: Timelapse, first: Grids | Lines, most: int) -> Iterator[tuple[dict[str, str], Timelapse]]:
    """The parts among which the reader can choose, with the choices of each, beginning with the requested one.

    They cover all options of the controls that were not set, except extra ones, unless these are more than `most` cells.
    """
    fixed = {control.name for control in frames.view.controls_of(frames.variant.labels) if is_extra(control)} | {*frames.chosen}
    free = [control for control in _controls(frames) if not control["isLook"] and control["name"] not in fixed]
    values = [[option["value"] for option in control["options"]] for control in free]
    size = first.values.size if isinstance(first, Grids) else 1
    if size * len(frames) * prod(map(len, values)) > most:
        yield {}, frames
        return
    names = [control["name"] for control in free]
    for combination in product(*values):
        choices = dict(zip(names, combination, strict=True))
        arguments = frames.view.arguments({**frames.chosen, **choices}, frames.variant.labels)
        yield choices, replace(frames, arguments={**frames.arguments, **arguments}, progress=None)


def _described(frames: Timelapse) -> dict[str, Any]:
    first = frames.picture(frames.epochs[0])
    described = _lines(frames) if isinstance(first, Lines) else _grids(frames, first)
    return {"subject": first.subject, **described}


def _lines(frames: Timelapse) -> dict[str, Any]:
    pictures = [picture for epoch in frames.epochs if isinstance(picture := frames.picture(epoch), Lines)]
    charts = [wire.lines(picture) for picture in pictures]
    subjects = differing([picture.subject for picture in pictures])
    alike = charts[:1] if all(chart == charts[0] for chart in charts) else charts
    return {"subjects": subjects, "grids": None, "lines": alike, "overlays": [], "span": [0, 1], "hasGaps": False, "cells": ""}


def _grids(frames: Timelapse, first: Grids) -> dict[str, Any]:
    """The deflated cells of all epochs, `(frame, panel, row, column)`, and what they mean."""
    most = MOST_CELLS // first.values.size
    if len(frames) > most:
        raise InvalidValueError(f"{len(frames)} frames of this size are too much for a page; choose at most {most}")
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
        "cells": _base64(b"".join(chunks)),
    }


def _grids_at(frames: Timelapse, epoch: int) -> Grids:
    picture = frames.picture(epoch)
    assert isinstance(picture, Grids)
    return picture


def _moment(frame: Frame) -> dict[str, Any]:
    return {"epoch": frame.epoch, "train": _number(frame.train_loss), "test": _number(frame.test_loss)}


def _number(loss: float) -> float | None:
    return float(f"{loss:.4g}") if np.isfinite(loss) else None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
