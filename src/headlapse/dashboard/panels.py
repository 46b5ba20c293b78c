"""Panels: the views of a run, for as far as their artifacts exist.

The browser draws the views that the frames route answers; any other is drawn by its Python renderer.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.results.loader import ArtifactLoader
from headlapse.results.run import Run, RunLabels
from headlapse.visualization.views import EpochData, View, ViewRegistry, label_keywords

PAINTED = ("attention_heads_grid", "attention_single_head")


def panels(variant: Run) -> list[dict[str, Any]]:
    """One description per view of the family that has artifacts, or that cannot be shown and why."""
    described = (_panel(name, variant) for name in variant.views)
    return [panel for panel in described if panel is not None]


def marks(variant: Run) -> list[dict[str, Any]]:
    """Moments of the run that the family's views tell of, for the axis of epochs; what cannot be read marks nothing."""
    return [mark for name in variant.views for mark in _marks(name, variant)]


def _marks(name: str, variant: Run) -> list[dict[str, Any]]:
    try:
        view = ViewRegistry.get(name)
        epochs = variant.artifacts.get_epochs(view.analyzer) if view.marks else []
        if view.marks and epochs:
            labels = label_keywords(view.marks, variant.labels)
            return [asdict(mark) for mark in view.marks(view.load(variant.artifacts, epochs[-1]), **labels)]
    except HeadlapseError:
        pass  # its panel says so
    except Exception:  # a view may be anybody's
        logging.getLogger(__name__).exception("view %s cannot tell its marks", name)
    return []


def stamp(variant: Run, analyzer: str, epoch: int) -> str:
    """Changes whenever the artifact of that epoch is replaced; empty where there is none."""
    try:
        status = variant.artifacts.file(analyzer, epoch).stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns:x}.{status.st_size:x}"


def is_painted(view: str) -> bool:
    """Whether the browser draws this view itself."""
    return view in PAINTED


def _panel(name: str, variant: Run) -> dict[str, Any] | None:
    try:
        view = ViewRegistry.get(name)
        epochs = variant.artifacts.get_epochs(view.analyzer)
        return _describe(view, variant, epochs) if epochs else None
    except HeadlapseError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 -- a view may be anybody's; the page says what it raised
        problem = f"{type(error).__name__}: {error}"
    return {"view": name, "title": name, "problem": problem}


def _describe(view: View, variant: Run, epochs: list[int]) -> dict[str, Any]:
    panel = {
        "view": view.name,
        "title": view.title,
        "analyzer": view.analyzer,
        "painted": is_painted(view.name),
        "epochs": epochs,
        "stamps": [stamp(variant, view.analyzer, epoch) for epoch in epochs],
    }
    return panel | _of_first_readable(variant, view, epochs)


def _of_first_readable(variant: Run, view: View, epochs: list[int]) -> dict[str, Any]:
    """Shapes and controls for the first epoch that can be read and drawn, or the reason why the first cannot."""
    problem = ""
    for epoch in epochs:
        made = stamp(variant, view.analyzer, epoch)
        try:
            return _of_artifact(view.name, variant.paths.artifacts.root, epoch, made, variant.labels)
        except FileStateError as error:
            problem = problem or str(error)
    return {"problem": problem}


@lru_cache(maxsize=256)
def _of_artifact(view_name: str, artifacts: Path, epoch: int, stamp: str, labels: RunLabels) -> dict[str, Any]:  # noqa: ARG001
    """`stamp` makes a replaced file a new question."""
    view = ViewRegistry.get(view_name)
    arrays = view.load(ArtifactLoader(artifacts), epoch)
    shapes = {name: list(array.shape) for name, array in arrays.items()}
    return {
        "shapes": shapes,
        "labels": list(labels.position_labels),
        "heads": list(labels.head_labels),
        "axes": [{"name": axis.name, "size": axis.size} for axis in labels.axes],
        "controls": _controls(view, arrays, labels),
    }


def _controls(view: View, arrays: EpochData, labels: RunLabels) -> list[dict[str, Any]]:
    return [
        {
            "name": control.name,
            "label": control.label,
            "options": [
                {"value": option.value, "label": option.label, "arguments": control.arguments(option.value)}
                for option in control.options(arrays, labels)
            ],
        }
        for control in view.controls
    ]
