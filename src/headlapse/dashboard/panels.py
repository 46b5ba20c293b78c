"""Panels: the views that family.json names, for as far as their artifacts exist. No view is known here by name.

A view with a file of its name in `assets/modules/painters` is drawn in the browser; any other by its Python renderer.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.results.artifacts import ArtifactLoader
from headlapse.results.soundness import check_arrays
from headlapse.results.variant import Variant
from headlapse.visualization.views import View, ViewRegistry

PAINTERS = Path(__file__).parent / "assets" / "modules" / "painters"


def panels(variant: Variant) -> list[dict[str, Any]]:
    """One description per view of the family that has artifacts, or that cannot be shown and why."""
    described = (_panel(name, variant) for name in variant.family.spec.visualizations)
    return [panel for panel in described if panel is not None]


def marks(variant: Variant) -> list[dict[str, Any]]:
    """Moments of the run that the family's views tell of, for the axis of epochs; what cannot be read marks nothing."""
    found: list[dict[str, Any]] = []
    for name in variant.family.spec.visualizations:
        with suppress(HeadlapseError):
            view = ViewRegistry.get(name)
            epochs = variant.artifacts.get_epochs(view.analyzer) if view.marks else []
            if view.marks and epochs:
                found += [asdict(mark) for mark in view.marks(view.load(variant.artifacts, epochs[-1]))]
    return found


def stamp(variant: Variant, analyzer: str, epoch: int) -> str:
    """Changes whenever the artifact of that epoch is replaced; empty where there is none."""
    try:
        status = variant.artifacts.file(analyzer, epoch).stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns:x}.{status.st_size:x}"


def is_painted(view: str) -> bool:
    """Whether the browser draws this view itself."""
    return (PAINTERS / f"{view}.js").is_file()


def _panel(name: str, variant: Variant) -> dict[str, Any] | None:
    try:
        view = ViewRegistry.get(name)
        epochs = variant.artifacts.get_epochs(view.analyzer)
    except HeadlapseError as error:
        return {"view": name, "title": name, "problem": str(error)}
    return _describe(view, variant, epochs) if epochs else None


def _describe(view: View, variant: Variant, epochs: list[int]) -> dict[str, Any]:
    panel = {
        "view": view.name,
        "title": view.title,
        "analyzer": view.analyzer,
        "painted": is_painted(view.name),
        "epochs": epochs,
        "stamps": [stamp(variant, view.analyzer, epoch) for epoch in epochs],
    }
    sample = readable_sample(variant, view, epochs)
    if isinstance(sample, str):
        return panel | {"problem": sample}
    labels = variant.family.position_labels
    shapes = {key: list(array.shape) for key, array in sample.items()}
    return panel | {"shapes": shapes, "labels": labels, "controls": _controls(view, sample, labels)}


def _controls(view: View, sample: dict[str, np.ndarray], labels: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": control.name,
            "label": control.label,
            "options": [
                {"value": option.value, "label": option.label, "arguments": control.arguments(option.value)}
                for option in control.options(sample, labels)
            ],
        }
        for control in view.controls
    ]


def readable_sample(variant: Variant, view: View, epochs: list[int]) -> dict[str, np.ndarray] | str:
    """The arrays of the first epoch that can be read and drawn, or the reason why the first cannot."""
    problem = ""
    for epoch in epochs:
        try:
            arrays = _read_once(variant.artifacts_dir, view.analyzer, epoch, stamp(variant, view.analyzer, epoch))
            check_arrays(variant.artifacts.file(view.analyzer, epoch), arrays, view.reads)
            return arrays
        except FileStateError as error:
            problem = problem or str(error)
    return problem


@lru_cache(maxsize=32)
def _read_once(artifacts: Path, analyzer: str, epoch: int, stamp: str) -> dict[str, np.ndarray]:  # noqa: ARG001
    """`stamp` makes a replaced file a new question."""
    return ArtifactLoader(artifacts).load_epoch(analyzer, epoch)
