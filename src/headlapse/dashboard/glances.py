"""A run at a glance, in its row of the table of runs: its losses as short curves, and one head at a few epochs."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from headlapse.dashboard.blocks import block_of, reduced
from headlapse.dashboard.variant_index import Stamp, stamp_of
from headlapse.errors import FileStateError
from headlapse.export.cells import span_of, steps_of
from headlapse.export.timelapse import evenly
from headlapse.results.run import Run
from headlapse.visualization.envelope import envelope
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import View, ViewRegistry

COLUMNS = 48  # of a curve
FRAMES = 5
CELLS = 24  # of a side of a frame
KEPT = 4096  # runs; one takes about 5 kB


def glance(run: Run) -> dict[str, Any]:
    """`{"train", "test", "strip"}`: two curves, and a strip or null.

    A curve is `{"x", "y"}`, thinned for a log axis. A strip has the `subject`, the `epochs`, `size`, the rows and columns of a
    frame, and `cells`: uint8 `(frame, row, column)` as base64, steps of the range of the colours, 255 for no value if it
    `hasGaps`. Unreadable parts are left out.
    """
    train: np.ndarray = np.empty(0)
    test: np.ndarray = np.empty(0)
    with suppress(FileStateError):
        train, test = run.losses.train, run.losses.test
    return {"train": _curve(train, 0), "test": _curve(test, 1), "strip": _strip(run)}


@dataclass
class Glances:
    """Glances as JSON, kept until one of their source files changes."""

    _known: OrderedDict[Path, tuple[Stamp, bytes]] = field(default_factory=OrderedDict)

    def of(self, run: Run) -> bytes:
        """The glance of a run; the least recently used ones are discarded."""
        folder, stamp = run.paths.root, stamp_of(run.paths.root)
        known = self._known.pop(folder, None)
        found = known if known is not None and known[0] == stamp else (stamp, json.dumps(glance(run)).encode())
        self._known[folder] = found
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found[1]


def _curve(losses: np.ndarray, first_epoch: int) -> dict[str, list[float]]:
    epochs = np.arange(first_epoch, first_epoch + len(losses), dtype=np.float64)
    kept = envelope(epochs, losses, 0, max(1, len(losses)), COLUMNS)
    return {"x": epochs[kept].astype(int).tolist(), "y": [float(f"{loss:.3g}") for loss in losses[kept]]}


def _strip(run: Run) -> dict[str, Any] | None:
    """The first panel of the first view that shows one grid per epoch."""
    for name in run.views:
        with suppress(Exception):  # a view may be anybody's; Explore says what is wrong with it
            view = ViewRegistry.get(name)
            epochs = run.artifacts.get_epochs(view.analyzer)
            if view.shows == "grids" and view.computes is None and epochs and not view.is_of_run(run.artifacts):
                return _strip_of(run, view, evenly(epochs, FRAMES))
    return None


def _strip_of(run: Run, view: View, epochs: list[int]) -> dict[str, Any] | None:
    frames = {epoch: picture for epoch in epochs if (picture := _frame(run, view, epoch)) is not None}
    if not frames:
        return None
    span, has_gaps = span_of(frames.values())
    steps = [steps_of(picture.values[0], span, has_gaps) for picture in frames.values()]
    first = next(iter(frames.values()))
    return {
        "subject": f"{first.names[0]}, {first.subject}" if first.names[0] else first.subject,
        "epochs": list(frames),
        "size": list(steps[0].shape),
        "hasGaps": has_gaps,
        "cells": base64.b64encode(b"".join(step.tobytes() for step in steps)).decode(),
    }


def _frame(run: Run, view: View, epoch: int) -> Grids | None:
    """A small picture of the first panel; None if it cannot be read."""
    arguments = view.arguments({}, run.labels)
    try:
        picture = view.draw(view.arrays_of(run, epoch, arguments), epoch, run.labels, **arguments)
    except FileStateError:
        return None
    assert isinstance(picture, Grids)
    one = picture.only([0])
    return replace(one, values=reduced(one.values, block_of(one.values.shape[1:], CELLS)))
