"""Time-lapses as one HTML file that can be scrubbed offline: data, style and script (`web/page`) are all inside.

Frames are stored as one byte per cell, a step of the colour range, as deflated differences from frame to frame. With the
default colours every pixel is exact. Values read from the page are rounded to steps of 1/255 of the range.
"""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np

from headlapse.export.frame import Frame
from headlapse.export.page_parts import PageParts
from headlapse.export.sides import Sides
from headlapse.export.timelapse import Timelapse
from headlapse.export.web import curves, static
from headlapse.visualization import wire
from headlapse.visualization.run_marks import marks
from headlapse.visualization.scalar_curves import curves as scalar_curves

MOST_CELLS = 500_000_000  # bytes in the reader's memory
MOST_TOGETHER = 10_000_000  # cells of all choices together; larger pages contain only the chosen values


def page(sides: Sides, theme: str, fps: float) -> bytes:
    """The whole HTML file. It contains the whole grids, and opens with the requested region."""
    region = sides.frames[0].region
    sides = replace(sides, frames=tuple(replace(side, region=None) for side in sides.frames))
    room = MOST_TOGETHER // len(sides.frames)
    found = [PageParts(side, room, MOST_CELLS) for side in sides.frames]
    described = [_side(sides, number, parts) for number, parts in enumerate(found)]
    first = sides.frames[0]
    content = {
        "controls": [control for control in _controls(first) if control["isLook"] or control["name"] in found[0].offered],
        "choices": {**found[0].choices, **first.looks},
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


def _side(sides: Sides, number: int, parts: PageParts) -> dict[str, Any]:
    """One run: its alignment, its pictures by choice, its curves and marks."""
    frames, run = sides.frames[number], sides.frames[number].variant
    return {
        "id": f"{run.family_name}/{run.name}",
        "variant": run.name if sides.only else run.label,
        "note": sides.notes[number],
        "pin": sides.pins[number],
        "shift": sides.shifts[number],
        "parts": list(parts.parts()),
        "arrangements": list(parts.arrangements()),
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
    return [_with_chosen(control, frames) for control in wire.controls(frames.view, arrays, frames.variant.labels)]


def _with_chosen(control: dict[str, Any], frames: Timelapse) -> dict[str, Any]:
    """A control of how grids are drawn with the chosen value among its options, such as the range "0..0.5"."""
    value = frames.looks.get(control["name"])
    if value is None or value in [option["value"] for option in control["options"]]:
        return control
    words = " to ".join(f"{float(end):.3g}" for end in value.split("..")) if ".." in value else value
    arguments = frames.view.arguments({control["name"]: value}, frames.variant.labels)
    return {**control, "options": [*control["options"], {"value": value, "label": words, "arguments": arguments}]}


def _moment(frame: Frame) -> dict[str, Any]:
    return {"epoch": frame.epoch, "train": _number(frame.train_loss), "test": _number(frame.test_loss)}


def _number(loss: float) -> float | None:
    return float(loss) if np.isfinite(loss) else None
