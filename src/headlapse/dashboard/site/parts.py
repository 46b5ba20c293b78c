"""The pictures of one view with one choice of values, as files: cells in chunks for range requests, and exact values.

A cell is one byte (`headlapse.export.cells`). `CHUNK` frames, as differences from frame to frame, are deflated together. The
chunks are in one file, the last first: the page opens at the newest epoch, and a host without range requests sends a file from
its beginning.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from headlapse.export.cells import span_of, steps_of
from headlapse.export.timelapse import Timelapse, differing
from headlapse.visualization import wire
from headlapse.visualization.lines import Lines
from headlapse.visualization.pictures import Grids

CHUNK = 16  # frames


@dataclass(frozen=True)
class SitePart:
    """`values` are the values of all controls that choose data."""

    frames: Timelapse
    values: Mapping[str, str]
    name: str

    @cached_property
    def first(self) -> Grids | Lines:
        """The picture at the first epoch."""
        return self.frames.picture(self.frames.epochs[0])

    @property
    def cells(self) -> int:
        """The cells of all its frames."""
        return self.first.values.size * len(self.frames) if isinstance(self.first, Grids) else 0

    def described(self, exact: bool) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Its description for the page, and its files by name."""
        head = {"choices": dict(self.values), "subject": self.first.subject, "epochs": list(self.frames.epochs)}
        if isinstance(self.first, Lines):
            return {**head, **self._charts()}, {}
        pictures = [picture for epoch in self.frames.epochs if isinstance(picture := self.frames.picture(epoch), Grids)]
        span, has_gaps = span_of(pictures)
        cells, chunks = packed([steps_of(picture.values, span, has_gaps) for picture in pictures])
        overlays = [wire.grids(picture).get("curves", []) for picture in pictures]
        files = {f"{self.name}.u8": cells, **({f"{self.name}.npz": self._exact(pictures)} if exact else {})}
        return {
            **head,
            "subjects": differing([picture.subject for picture in pictures]),
            "grids": wire.grids(replace(self.first, curves=())),
            "span": span,
            "hasGaps": has_gaps,
            "overlays": overlays if any(overlays) else [],
            "perChunk": CHUNK,
            "chunks": chunks,
            "cells": f"{self.name}.u8",
            "exact": f"{self.name}.npz" if exact else None,
        }, files

    def _charts(self) -> dict[str, Any]:
        """One chart per epoch, or the one that all epochs share."""
        pictures = [picture for epoch in self.frames.epochs if isinstance(picture := self.frames.picture(epoch), Lines)]
        charts = [wire.lines(picture) for picture in pictures]
        alike = charts[:1] if all(chart == charts[0] for chart in charts) else charts
        return {"subjects": differing([picture.subject for picture in pictures]), "grids": None, "lines": alike}

    def _exact(self, pictures: Sequence[Grids]) -> bytes:
        """`values[epoch, panel, row, column]` (float32), and `epochs`."""
        written = io.BytesIO()
        values = np.stack([picture.values.astype(np.float32) for picture in pictures])
        np.savez_compressed(written, values=values, epochs=np.array(self.frames.epochs))
        return written.getvalue()


def packed(frames: Sequence[np.ndarray]) -> tuple[bytes, list[tuple[int, int]]]:
    """The chunks of uint8 frames, the last first, and the offset and length of each, in the order of the epochs."""
    content, places = b"", []
    for start in reversed(range(0, len(frames), CHUNK)):
        group = np.stack(frames[start : start + CHUNK])
        steps = np.diff(group, axis=0, prepend=np.zeros_like(group[:1]))  # modulo 256
        deflated = zlib.compress(steps.tobytes())
        places.append((len(content), len(deflated)))
        content += deflated
    return content, places[::-1]
