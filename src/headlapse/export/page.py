"""A time-lapse as one HTML file that can be scrubbed offline: data, style and script are all inside.

Frames are stored as one byte per cell, the step of its colour, as differences from frame to frame, deflated: that is exact to
the pixel, and values read from the page are exact to 1/510 of the colour range.
"""

from __future__ import annotations

import base64
import json
import zlib
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.export.timelapse import Timelapse
from headlapse.results.losses import Losses
from headlapse.visualization.colors import ColorScale

CURVE_POINTS = 2000
MOST_CELLS = 500_000_000  # bytes in the reader's memory


def page(frames: Timelapse, theme: str, fps: float) -> bytes:
    """The whole HTML file."""
    first = frames.frame(frames.epochs[0]).picture
    most = MOST_CELLS // first.values.size
    if len(frames) > most:
        raise InvalidValueError(f"{len(frames)} frames of this size are too much for a page; choose at most {most}")
    content = {
        "variant": frames.variant.name,
        "subject": first.subject,
        "names": first.names,
        "p": first.values.shape[-1],
        "origin": first.origin,
        "labels": {"x": first.x_label, "y": first.y_label, "value": first.value_label},
        "colors": {"low": first.colors.low, "high": first.colors.high, "table": _base64(first.colors.table().tobytes())},
        "fps": fps,
        "curves": _curves(frames.losses),
        **_frames(frames, first.colors),
    }
    parts = {
        "title": escape(f"{frames.variant.name}: {first.subject}"),
        "theme": theme,
        "style": _asset("page.css"),
        "script": _asset("page.js"),
        "content": json.dumps(content, allow_nan=False).replace("<", "\\u003c"),
    }
    html = _asset("page.html")
    for name, text in parts.items():
        html = html.replace(f"<!--{name}-->", text, 1)
    return html.encode()


def _frames(frames: Timelapse, colors: ColorScale) -> dict[str, Any]:
    """The moments and their deflated cells, `(frame, panel, a, b)`."""
    deflate = zlib.compressobj()
    moments, chunks = [], []
    before: np.ndarray | None = None
    for frame in frames:
        steps = colors.steps(frame.picture.values)
        chunks.append(deflate.compress((steps if before is None else steps - before).tobytes()))
        moments.append({"epoch": frame.epoch, "train": _number(frame.train_loss), "test": _number(frame.test_loss)})
        before = steps
    chunks.append(deflate.flush())
    return {"moments": moments, "cells": _base64(b"".join(chunks))}


def _curves(losses: Losses) -> dict[str, list[list[float]]]:
    return {"train": _curve(losses.train, 0), "test": _curve(losses.test, 1)}


def _curve(losses: np.ndarray, first_epoch: int) -> list[list[float]]:
    """At most `CURVE_POINTS` pairs (epoch, loss) for a log axis."""
    known = np.flatnonzero(np.isfinite(losses) & (losses > 0))
    known = known[:: max(1, len(known) // CURVE_POINTS)]
    return [[int(step) + first_epoch, float(f"{losses[step]:.4g}")] for step in known]


def _number(loss: float) -> float | None:
    return float(f"{loss:.4g}") if np.isfinite(loss) else None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
