"""Events of a run that its views mark, for epoch axes."""

from __future__ import annotations

import logging
from typing import Any

from headlapse.errors import HeadlapseError
from headlapse.results.run import Run
from headlapse.visualization import wire
from headlapse.visualization.note_marks import note_marks
from headlapse.visualization.views import ViewRegistry


def marks(variant: Run) -> list[dict[str, Any]]:
    """Events that the views and notes of a run mark, for the epoch axis; unreadable files give no marks."""
    return [*(mark for name in variant.views for mark in marks_of(name, variant)), *note_marks(variant.paths)]


def marks_of(name: str, variant: Run) -> list[dict[str, Any]]:
    """Events that one view marks; unreadable files give none."""
    try:
        view = ViewRegistry.get(name)
        epochs = variant.artifacts.get_epochs(view.analyzer) if view.marks else []
        if view.marks and epochs:
            arrays = view.load(variant.artifacts, epochs[-1])
            return [wire.mark(mark) for mark in view.marks_of(arrays, variant.labels)]
    except HeadlapseError:
        pass  # its panel says so
    except Exception:  # a view may be foreign code
        logging.getLogger(__name__).exception("view %s cannot tell its marks", name)
    return []
