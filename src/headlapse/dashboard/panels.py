"""Panels: the views of a run, as far as their artifacts exist."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from headlapse.dashboard.stamps import Stamps
from headlapse.errors import FileStateError, HeadlapseError
from headlapse.results.loader import ArtifactLoader
from headlapse.results.plug_ins import analysis_command, runs_by_itself, why_unsuited
from headlapse.results.run import Run, RunLabels
from headlapse.visualization import wire
from headlapse.visualization.pictures import Grids
from headlapse.visualization.views import EpochData, View, ViewRegistry


def panels(variant: Run, stamps: Stamps | None = None) -> list[dict[str, Any]]:
    """One description per view of the family: how it is shown, or why it cannot be shown.

    A view without artifacts is included if its analyzer runs only on request and if other views are shown.
    """
    looked = stamps or Stamps(variant)
    described = [panel for name in variant.views if (panel := _panel(name, variant, looked)) is not None]
    are_any_shown = any("epochs" in panel for panel in described)
    return [panel for panel in described if are_any_shown or "command" not in panel]


def _panel(name: str, variant: Run, stamps: Stamps) -> dict[str, Any] | None:
    try:
        view = ViewRegistry.get(name)
        epochs = stamps.epochs(view.analyzer)
        if not epochs:
            return _unanalysed(view, variant)
        return _describe(view, variant, epochs, stamps.of(view, epochs))
    except HeadlapseError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 -- a view may be anybody's; the page says what it raised
        problem = f"{type(error).__name__}: {error}"
    return {"view": name, "title": name, "problem": problem}


def _unanalysed(view: View, variant: Run) -> dict[str, Any] | None:
    """None if the analyzer does not apply to this run, or if the next analysis runs it anyway."""
    analyzer = view.analyzer
    if runs_by_itself(variant, analyzer) or not variant.checkpoint_epochs or why_unsuited(analyzer, variant.axes):
        return None
    return {"view": view.name, "title": view.title, "command": analysis_command(variant, analyzer), "problem": "not analysed"}


def _describe(view: View, variant: Run, epochs: list[int], stamps: list[str]) -> dict[str, Any]:
    panel = {
        "view": view.name,
        "title": view.title,
        "analyzer": view.analyzer,
        "shows": view.shows,
        "isOfRun": view.is_of_run(variant.artifacts),
        "isComputed": view.computes is not None,
        "epochs": epochs,
        "stamps": stamps,
    }
    return panel | _of_first_readable(variant, view, epochs, stamps)


def _of_first_readable(variant: Run, view: View, epochs: list[int], stamps: list[str]) -> dict[str, Any]:
    """Shapes and controls of the first epoch that can be read and drawn, or the reason why the first cannot."""
    problem = ""
    for epoch, stamp in zip(epochs, stamps, strict=True):
        made = stamp + (f".{len(epochs)}" if view.computes else "")  # its controls name the epochs
        try:
            return _of_artifact(view.name, variant.paths.artifacts.root, epoch, made, variant.labels)
        except FileStateError as error:
            problem = problem or str(error)
    return {"problem": problem}


@lru_cache(maxsize=256)
def _of_artifact(view_name: str, artifacts: Path, epoch: int, stamp: str, labels: RunLabels) -> dict[str, Any]:  # noqa: ARG001
    """`stamp` makes a replaced file a new cache entry."""
    view = ViewRegistry.get(view_name)
    arrays = view.load(ArtifactLoader(artifacts), epoch)
    picture = _default_grids(view, arrays, epoch, labels)
    sides = [axis.size for axis in (*labels.axes, *(picture.axes if picture else ()))]
    return {
        "heads": list(picture.names if picture else labels.head_labels),
        "cells": max(sides),
        "controls": wire.controls(view, arrays, labels),
    }


def _default_grids(view: View, arrays: EpochData, epoch: int, labels: RunLabels) -> Grids | None:
    """The grids of all default choices, whose panels and axes determine the room they need; None if there are none."""
    if view.shows != "grids" or view.computes is not None:
        return None
    with suppress(HeadlapseError):  # e.g. NaN at this epoch, of which the frames tell
        picture: Grids = view.draw(arrays, epoch, labels)
        return picture
    return None
