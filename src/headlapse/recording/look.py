"""The first look at a model: its attention layers, the part to keep, and the resulting run."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from headlapse import checks
from headlapse.errors import IncompatibleFileError, InvalidValueError
from headlapse.recording.layers import Layer, chosen_layers, in_words, layers_of
from headlapse.recording.layouts import learned
from headlapse.recording.observer import Observer
from headlapse.recording.probes import Inputs, Probe
from headlapse.recording.said import not_read, one_by_one, read_once, stepwise
from headlapse.recording.selection import axes_of, labels_of, layout_of, selection_of
from headlapse.recording.sources import source_of
from headlapse.results.declaration import Declaration
from headlapse.results.paths import RECORDED, check_results
from headlapse.results.recorded import PATTERNS
from headlapse.results.run import RunLabels
from headlapse.version import installed_version
from headlapse.workbench import RecordedRun

ANALYZERS = ("attention_patterns", "attention_entropy")
HEADS, POSITIONS = "attention_heads_grid", "attention_positions"  # views
CROSS_EPOCH_ANALYZERS = ("attention_lock_in",)


@dataclass(frozen=True)
class Look:
    """The observer of the model, and the run that it will record; nothing is written yet."""

    run: RecordedRun
    observer: Observer
    others: tuple[str, ...] = ()  # the modules of softmaxes and products of scores that were not read as attention
    again: tuple[str, ...] = ()  # the modules in which weights that were read multiply something once more
    one_by_one: tuple[str, ...] = ()  # the modules that compute several attentions, which are taken for heads of one layer
    stepwise: tuple[str, ...] = ()  # the modules that compute several attentions, which are taken for positions of one layer

    def __str__(self) -> str:
        observer = self.observer
        chosen = observer.selection.layers
        recorded = "" if len(chosen) == len(observer.found) else f"; recorded: {in_words(chosen)}"
        taken = f"{one_by_one(self.one_by_one)}{stepwise(self.stepwise)}"
        return f"{observer}{recorded}{taken}{not_read(self.others)}{read_once(self.again)}"


def first_look(
    model: nn.Module,
    name: str,
    probe: Inputs,
    results: str | Path,
    schedule: Mapping[str, Any],
    settings: Mapping[str, Any],
    *,
    position_labels: Sequence[str] | None = None,
    from_position_labels: Sequence[str] | None = None,
    axes: Any = None,
    layers: Sequence[int] | None = None,
    heads: Sequence[int] | None = None,
    positions: Any = None,
    reduce: str | None = None,
    dtype: str = "float32",
    attention: Callable[..., Any] | Sequence[str] | None = None,
) -> Look:
    """Run the model on a few rows of the probe. Options and errors are those of `headlapse.record`."""
    results = checks.path("results", results)
    check_results(results)
    inputs, source = Probe(probe), source_of(attention)
    learned_ = learned(source, model, inputs)
    seen = learned_.seen
    found = layers_of(seen)
    selection = selection_of(chosen_layers(found, layers), heads=heads, positions=positions, reduce=reduce, dtype=dtype)
    if any(learned_.found.layers[layer.place].is_changed for layer in selection.layers):
        selection = selection.with_partial_rows()
    run_axes = axes_of(axes, inputs.rows, selection.mean)
    may_be_empty = any(bool((seen[layer.place].weights.sum(dim=-1) == 0).any()) for layer in selection.layers)
    labels = labels_of(selection, run_axes, position_labels, from_position_labels)
    declaration = Declaration(
        layout_of(selection, run_axes, may_be_empty),
        labels,
        ANALYZERS,
        CROSS_EPOCH_ANALYZERS,
        _views(labels),
        dict(settings),
        _described(selection.layers, reduce),
        dict(schedule),
        {"headlapse": installed_version(), "torch": torch.__version__, "python": platform.python_version()},
    )
    observer = Observer(source, inputs, found, selection, run_axes, learned_.layout)
    run = RecordedRun(name, results, declaration)
    said = (learned_.found.others, learned_.found.again, learned_.one_by_one, learned_.stepwise)
    return Look(run, observer, *map(tuple, said))


def check_name_free(run: RecordedRun, resume: bool) -> None:
    """Raise `InvalidValueError` if a run of that name exists and resuming was not requested."""
    if run.paths.config.exists() and not resume:
        raise InvalidValueError(
            f"{RECORDED}/{run.name} already exists; give resume=True to continue it, or another name, or remove "
            f"{run.paths.root}"
        )


def begun_or_not(look: Look) -> tuple[bool, RecordedRun]:
    """Whether anything was captured earlier, and the run as declared then.

    A run that was killed before its first capture begins anew. Raises `IncompatibleFileError` if the run captured something
    else, on another probe, or with other settings; without settings, those of the run stay.
    """
    run = look.run
    if not run.paths.artifacts.epochs(PATTERNS):
        return False, run
    before = RecordedRun.open(run.paths.root)
    now, then = run.declaration, before.declaration
    layout = replace(now.layout, rows_may_be_empty=then.layout.rows_may_be_empty)  # padding may occur later
    settings = json.loads(json.dumps(dict(now.settings))) or then.settings
    if math.prod(then.layout.axes) != math.prod(layout.axes):
        problem = f"was recorded on a probe of {math.prod(then.layout.axes)} rows; now it has {math.prod(layout.axes)}"
        raise IncompatibleFileError(run.paths.config, problem, "give the same probe, or record under another name")
    for what, one, other in (
        ("layout", layout, then.layout),
        ("labels", now.labels, then.labels),
        ("settings", settings, then.settings),
    ):
        if one != other:
            problem = f"was recorded with other {what} ({other}) than now ({one})"
            raise IncompatibleFileError(run.paths.config, problem, "record under another name, or as it was")
    if _probe_of(before) not in (None, look.observer.probe.sha256):
        problem = "was recorded on another probe, whose captures cannot be compared with those on this one"
        raise IncompatibleFileError(run.paths.config, problem, "give the same probe, or record under another name")
    return True, before


def _probe_of(run: RecordedRun) -> str | None:
    """The hash of the probe of the captures; None if none of them states it."""
    stated = (run.artifacts.provenance(PATTERNS, epoch) for epoch in run.paths.artifacts.epochs(PATTERNS))
    return next((each.probe_sha256 for each in stated if each is not None), None)


def _described(layers: Sequence[Layer], reduce: str | None) -> dict[str, Any]:
    return {
        "kind": layers[0].shape.kind,
        "layers": [{"place": layer.place, "how": layer.how, "module": layer.name, "heads": layer.heads} for layer in layers],
        "reduce": reduce or "none",
    }


def _views(labels: RunLabels) -> tuple[str, ...]:
    """All views for a recording, which has no weights. A list of inputs is not a grid, so positions are shown first."""
    from headlapse.visualization.views import ViewRegistry

    known = {*ANALYZERS, *CROSS_EPOCH_ANALYZERS}
    views = (ViewRegistry.get(name) for name in ViewRegistry.names())
    names = [view.name for view in views if view.analyzer in known and view.computes is None and view.suits(labels)]
    first = POSITIONS if len(labels.axes) == 1 else HEADS
    return tuple(sorted(names, key=lambda name: (name != first, ViewRegistry.get(name).analyzer != ANALYZERS[0])))
