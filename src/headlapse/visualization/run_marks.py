"""Events of a run that its views mark, for epoch axes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from headlapse.errors import HeadlapseError
from headlapse.results.run import Run
from headlapse.visualization import wire
from headlapse.visualization.note_marks import note_marks
from headlapse.visualization.views import ViewRegistry

Mark = dict[str, Any]


def marks_of(name: str, variant: Run) -> list[Mark]:
    """Events that one view marks; unreadable files give none."""
    try:
        view = ViewRegistry.get(name)
        epochs = variant.artifacts.get_epochs(view.analyzer) if view.marks else []
        if epochs:
            arrays = view.load(variant.artifacts, epochs[-1])
            return [wire.mark(mark) for mark in view.marks_of(arrays, variant.labels)]
    except HeadlapseError:
        pass  # its panel says so
    except Exception:  # a view may be foreign code
        logging.getLogger(__name__).exception("view %s cannot tell its marks", name)
    return []


def marks(variant: Run, of_view: Callable[[str, Run], Sequence[Mark]] = marks_of) -> list[Mark]:
    """Events that the views and notes of a run mark, for the epoch axis; unreadable files give no marks.

    `of_view(name, run)` finds those of one view.
    """
    return [*(mark for name in variant.views for mark in of_view(name, variant)), *note_marks(variant.paths)]
