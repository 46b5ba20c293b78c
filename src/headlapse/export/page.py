"""A time-lapse as one HTML file that can be scrubbed offline: data, style and script (`web/page`) are all inside.

Frames are stored as one byte per cell, the step of its colour, as differences from frame to frame, deflated: that is exact to
the pixel, and values read from the page are exact to 1/510 of the colour range.
"""

from __future__ import annotations

import base64
import json
import zlib
from html import escape
from typing import Any

import numpy as np

from headlapse.errors import InvalidValueError
from headlapse.export.timelapse import Timelapse
from headlapse.export.web import curves, grids, static
from headlapse.visualization.colors import ColorScale

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
        "grids": grids(first),
        "table": _base64(first.colors.table().tobytes()),
        "fps": fps,
        "curves": curves(frames.losses),
        **_frames(frames, first.colors),
    }
    parts = {
        "title": escape(f"{frames.variant.name}: {first.subject}"),
        "theme": theme,
        "style": static("page/page.css"),
        "script": static("page/page.js"),
        "content": json.dumps(content, allow_nan=False).replace("<", "\\u003c"),
    }
    html = static("page/page.html")
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


def _number(loss: float) -> float | None:
    return float(f"{loss:.4g}") if np.isfinite(loss) else None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
