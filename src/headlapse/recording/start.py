"""`headlapse.record`: look at a model once, check that all fits, and begin or resume its recording."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import nn

from headlapse import checks
from headlapse.errors import IncompatibleFileError, InvalidValueError
from headlapse.recording.files import RunFiles
from headlapse.recording.layers import Layer, chosen_layers, in_words, layers_of
from headlapse.recording.limits import check_fits
from headlapse.recording.observer import Observer, first_look
from headlapse.recording.probes import Inputs, Probe
from headlapse.recording.recorder import Recorder, say
from headlapse.recording.schedules import schedule_of
from headlapse.recording.selection import axes_of, labels_of, layout_of, selection_of
from headlapse.recording.sources import source_of
from headlapse.results.declaration import Declaration
from headlapse.results.import_source import check_name
from headlapse.results.paths import RECORDED, check_results
from headlapse.results.recorded import PATTERNS
from headlapse.storage.atomic import write_json
from headlapse.workbench import RecordedRun

ANALYZERS = ("attention_patterns", "attention_entropy")
CROSS_EPOCH_ANALYZERS = ("attention_lock_in",)
WRAPPERS = (nn.parallel.DistributedDataParallel, nn.DataParallel)


def record(
    model: nn.Module,
    name: str,
    probe: Inputs,
    *,
    position_labels: Sequence[str] | None = None,
    from_position_labels: Sequence[str] | None = None,
    axes: Any = None,
    results: str | Path = "results",
    schedule: int | str | Sequence[int] | None = None,
    layers: Sequence[int] | None = None,
    heads: Sequence[int] | None = None,
    positions: Any = None,
    reduce: str | None = None,
    dtype: str = "float32",
    attention: Callable[..., Any] | Sequence[str] | None = None,
    checkpoints: bool = False,
    resume: bool = False,
    epoch: int = 0,
    settings: Mapping[str, Any] | None = None,
    analyze: bool = True,
) -> Recorder:
    """Record the attention of `model` on `probe` while it trains, as a run in `results/recorded/{name}`.

        recorder = headlapse.record(model, "my_run", probe=tokens, position_labels=["a", "b", "="])
        for step, batch in enumerate(batches):
            ...
            optimizer.step()
            recorder.step(step, train_loss=loss)
        recorder.finish()

    The model is captured now, as epoch `epoch`, then at the epochs of `schedule`: a number (every so many), "log" (log-spaced),
    a list, or by default log-spaced ones that take at most 4 % of the time of the training. `probe` is a tensor, or a dict or
    tuple of inputs; `axes` says what its rows enumerate. `layers`, `heads` and `positions` choose by number; `reduce="mean"`
    keeps the mean over all inputs; `dtype="float16"` halves the files. `checkpoints` keeps the weights, too. `attention` is for
    kernels that torch does not see: a function of (model, inputs) to `(layers, batch, heads, to, from)`, or names of modules
    whose outputs are attention. With `resume` an earlier recording goes on at the first step that is told.

    Nothing of the training changes: not one bit of its losses. Raises `InvalidValueError` where no attention is seen, where it
    does not fit memory or disk, or where the run is there and `resume` is not given; `BusyError` where it is being recorded.
    """
    module = _unwrapped(model)
    schedule_ = schedule_of(schedule)
    for flag, value in (("checkpoints", checkpoints), ("resume", resume), ("analyze", analyze)):
        checks.flag(flag, value)
    epoch = checks.whole("epoch", epoch)
    check_name(name)
    if not _is_first_process():
        return Recorder(None, module, None, schedule_, None)
    results = checks.path("results", results)
    check_results(results)
    inputs, source = Probe(probe), source_of(attention)
    seen = first_look(source, module, inputs)
    found = layers_of(seen)
    selection = selection_of(chosen_layers(found, layers), heads=heads, positions=positions, reduce=reduce, dtype=dtype)
    run_axes = axes_of(axes, inputs.rows, selection.mean)
    may_be_empty = any(bool((seen[layer.place].weights.sum(dim=-1) == 0).any()) for layer in selection.layers)
    declaration = Declaration(
        layout_of(selection, run_axes, may_be_empty),
        labels_of(selection, run_axes, position_labels, from_position_labels),
        ANALYZERS,
        CROSS_EPOCH_ANALYZERS,
        _views(),
        dict(settings or {}),
        _described(selection.layers, reduce),
        dict(schedule_.describe()),
        {"headlapse": version("headlapse"), "torch": torch.__version__, "python": platform.python_version()},
    )
    observer = Observer(source, inputs, found, selection, run_axes)
    run = RecordedRun(name, results, declaration)
    _check_name_free(run, resume)
    check_fits(run, found, schedule_.most, module if checkpoints else None)
    has_begun = bool(run.paths.artifacts.epochs(PATTERNS))  # else it was killed before it had captured anything
    if has_begun:
        run = _of_before(run)
    files = RunFiles(run, inputs.sha256)
    recorder = Recorder(run, module, observer, schedule_, files, checkpoints, analyze, resumes=has_begun)
    say(f"{name}: {observer}" + ("" if len(selection.layers) == len(found) else f"; recorded: {in_words(selection.layers)}"))
    if not has_begun:
        write_json(run.paths.config, declaration.to_json(name))
        recorder.begin(epoch)
    return recorder


def _unwrapped(model: object) -> nn.Module:
    """The module itself, without what compiles or distributes it."""
    found: Any = checks.instance("model", model, nn.Module, "a torch.nn.Module")
    while isinstance(found, WRAPPERS) or hasattr(found, "_orig_mod"):
        found = found.module if isinstance(found, WRAPPERS) else found._orig_mod
    return checks.instance("model", found, nn.Module, "a torch.nn.Module")


def _is_first_process() -> bool:
    distributed = torch.distributed
    return not (distributed.is_available() and distributed.is_initialized()) or distributed.get_rank() == 0


def _check_name_free(run: RecordedRun, resume: bool) -> None:
    """Raise `InvalidValueError` where there is a run of that name and nobody asked to resume it."""
    if run.paths.config.exists() and not resume:
        raise InvalidValueError(
            f"{RECORDED}/{run.name} is there already; give resume=True to go on with it, or another name, or remove "
            f"{run.paths.root}"
        )


def _of_before(run: RecordedRun) -> RecordedRun:
    """The run as it was declared when it began. Raises `IncompatibleFileError` where it captured something else."""
    before = RecordedRun.open(run.paths.root)
    now, then = run.declaration, before.declaration
    layout = replace(now.layout, rows_may_be_empty=then.layout.rows_may_be_empty)  # padding may come up later
    for what, one, other in (("layout", layout, then.layout), ("labels", now.labels, then.labels)):
        if one != other:
            problem = f"was recorded with other {what} ({other}) than now ({one})"
            raise IncompatibleFileError(run.paths.config, problem, "record under another name, or as it was")
    return before


def _described(layers: Sequence[Layer], reduce: str | None) -> dict[str, Any]:
    return {
        "kind": layers[0].shape.kind,
        "layers": [{"place": layer.place, "how": layer.how, "module": layer.name, "heads": layer.heads} for layer in layers],
        "reduce": reduce or "none",
    }


def _views() -> tuple[str, ...]:
    from headlapse.visualization.views import ViewRegistry

    known = {*ANALYZERS, *CROSS_EPOCH_ANALYZERS}
    return tuple(name for name in ViewRegistry.names() if ViewRegistry.get(name).analyzer in known)
