"""Notes on epochs as flags on the axis of epochs."""

from __future__ import annotations

from typing import Any

from headlapse.errors import FileStateError
from headlapse.results.notes import read_notes
from headlapse.results.paths import VariantPaths
from headlapse.visualization import wire
from headlapse.visualization.lines import Mark


def note_marks(paths: VariantPaths) -> list[dict[str, Any]]:
    """A mark for each note, in the form for pages, by epoch; none if the file cannot be read."""
    try:
        notes = read_notes(paths).epochs
    except FileStateError:
        return []
    return [{**wire.mark(Mark(epoch, notes[epoch])), "isNote": True} for epoch in sorted(notes)]
