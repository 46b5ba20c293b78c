"""`headlapse.record`: look at a model once, check that the recording fits, and begin or resume it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.recording.files import RunFiles
from headlapse.recording.limits import check_fits
from headlapse.recording.look import begun_or_not, check_name_free, first_look
from headlapse.recording.probes import Inputs
from headlapse.recording.recorder import Recorder, say
from headlapse.recording.schedules import schedule_of
from headlapse.results.import_source import check_name
from headlapse.storage.atomic import write_json

WRAPPERS = (nn.parallel.DistributedDataParallel, nn.DataParallel)
SHARDED = {"DTensor", "FullyShardedDataParallel"}  # names of types, since importing them takes time


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
    total: int | None = None,
    budget: int | None = None,
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

    Call it before your loop, and `step` after each optimizer step::

        recorder = headlapse.record(model, "my_run", probe=tokens, position_labels=["a", "b", "="])
        for step, batch in enumerate(batches):
            ...
            optimizer.step()
            recorder.step(step, train_loss=loss)
        recorder.finish()

    The model is captured now, as epoch `epoch`, then at the epochs of `schedule`: a number (every so many), "log" (log-spaced),
    a list, or by default log-spaced ones that take at most 4 % of the time of the training. "adaptive" keeps at most `budget`
    captures of `total` epochs, most where the model moves quickly. `probe` is a tensor, or a dict or tuple of inputs; `axes`
    states what its rows enumerate. `layers`, `heads` and `positions` choose by number; `reduce="mean"` keeps the mean over all
    inputs; `dtype="float16"` halves the files. `checkpoints` keeps the weights, too. `attention` is for kernels that bypass
    torch's functions: a function of (model, inputs) to `(layers, batch, heads, to, from)`, or names of modules whose outputs
    are attention. With `resume`, an earlier recording continues at the first reported step.

    The training does not change: its losses stay the same, bit for bit. Raises `InvalidValueError` if no attention is found, if
    the recording does not fit into memory or onto the disk, or if the run exists and `resume` is not given; `BusyError` if
    another process records it.
    """
    module = _unwrapped(model)
    _check_whole(module)
    schedule_ = schedule_of(schedule, total, budget)
    for flag, value in (("checkpoints", checkpoints), ("resume", resume), ("analyze", analyze)):
        checks.flag(flag, value)
    epoch = checks.whole("epoch", epoch)
    check_name(name)
    settings = _as_json(settings or {})
    if not _is_first_process():
        return Recorder(None, module, None, schedule_, None)
    chosen = {
        "layers": layers,
        "heads": heads,
        "positions": positions,
        "reduce": reduce,
        "dtype": dtype,
        "attention": attention,
    }
    words = {"position_labels": position_labels, "from_position_labels": from_position_labels, "axes": axes}
    look = first_look(module, name, probe, results, schedule_.describe(), settings, **chosen, **words)
    check_name_free(look.run, resume)
    observer = look.observer
    check_fits(look.run, observer.found, schedule_.most, module if checkpoints else None, observer.least_rows_at_once)
    has_begun, run = begun_or_not(look)
    began = time.perf_counter()
    patterns = None if has_begun else observer.patterns(module)
    files = RunFiles(run, observer.probe.sha256)
    recorder = Recorder(run, module, observer, schedule_, files, checkpoints, analyze, resumes=has_begun, began=began)
    say(f"{name}: {look}")
    if patterns is not None:
        write_json(run.paths.config, run.declaration.to_json(name))
        recorder.begin(epoch, patterns)
    return recorder


def _as_json(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they are stored. Raises `InvalidValueError` naming the first one that JSON cannot express."""
    if not isinstance(settings, Mapping):
        raise checks.wrong("settings", "a dict", settings)
    for name, value in settings.items():
        try:
            json.dumps({checks.text("each name of settings", name): value}, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise checks.wrong(
                f"settings {name}", "a finite number, a text, a flag, None, or lists or dicts of them", value
            ) from error
    return dict(settings)


def _unwrapped(model: object) -> nn.Module:
    """The module itself, without wrappers that compile or distribute it."""
    found: Any = checks.instance("model", model, nn.Module, "a torch.nn.Module")
    while isinstance(found, WRAPPERS) or hasattr(found, "_orig_mod"):
        found = found.module if isinstance(found, WRAPPERS) else found._orig_mod
    return checks.instance("model", found, nn.Module, "a torch.nn.Module")


def _check_whole(module: nn.Module) -> None:
    """A forward pass of a sharded model needs all of its processes, but only one records; one on "meta" gives no values."""
    kinds = {type(part).__name__ for part in (*module.modules(), *module.parameters())}
    if kinds & SHARDED:
        raise InvalidValueError(
            "cannot record this model: its parameters are sharded over processes; record a whole copy of it, "
            "and load the weights into the copy before each step that is captured"
        )
    if any(parameter.is_meta for parameter in module.parameters()):
        raise InvalidValueError('cannot record this model: its parameters have no values yet (device "meta"); load them first')
    if any(is_lazy(each) for each in (*module.parameters(), *module.buffers())):
        raise InvalidValueError("cannot record this model: lazy modules have no parameters yet; run the model once first")


def _is_first_process() -> bool:
    distributed = torch.distributed
    return not (distributed.is_available() and distributed.is_initialized()) or distributed.get_rank() == 0
