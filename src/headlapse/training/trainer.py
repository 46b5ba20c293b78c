"""Train variants: lock them, start or continue their runs, and write everything to disk."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import fields
from typing import Any, TypeGuard

import torch

from headlapse import checks
from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError
from headlapse.results.other_programs import check_ours
from headlapse.results.paths import check_results
from headlapse.results.records import set_aside, write_config
from headlapse.results.variant import Variant, check_variant
from headlapse.storage.lock import locked
from headlapse.system.allocator import keep_freed_memory
from headlapse.training.arithmetic import settle
from headlapse.training.interruption import interruptible
from headlapse.training.limits import Plan, check_fits
from headlapse.training.loop import train_epochs
from headlapse.training.order import Order
from headlapse.training.progress import Means, ProgressOf, TrainingProgress, display
from headlapse.training.run import Run
from headlapse.training.schedule import Schedule
from headlapse.training.session import Analyze, Session
from headlapse.training.together import Opened, groups
from headlapse.version import installed_version


def train(
    variant: Variant,
    *,
    epochs: int | None = None,
    checkpoint_epochs: Sequence[int] | None = None,
    checkpoint_every: int | None = None,
    checkpoints: str = "fixed",
    budget: int | None = None,
    test_every: int = 1,
    analyze: bool = True,
    device: str = "auto",
    threads: int | None = None,
    products: str | None = None,
    restart: bool = False,
    progress: TrainingProgress | None = None,
) -> None:
    """Train `variant` to `epochs` optimizer steps, continuing an earlier run; `restart` moves that run aside first.

    Checkpoints are kept at `checkpoint_epochs`, or every `checkpoint_every` epochs with the first and the last; None takes
    the schedule of the family. `checkpoints="adaptive"` keeps at most `budget` (250) instead, most where the model moves
    quickly. The test loss is evaluated every `test_every` epochs and at checkpoints. With `analyze`, each checkpoint is
    analysed when it is written. `threads` is the number of threads, on which the last digits depend; None takes that of the
    run so far, or for a new run one per CPU with enough work. `products` names the library of matrix products in the same
    way. Ctrl-C and SIGTERM finish the epoch, write the state and raise; the run can be continued.

    Raises `InvalidValueError` for a value out of range, `BusyError` if another process is training the variant,
    `IncompatibleFileError` if another program wrote its folder, `NonFiniteError` if the loss diverges.
    """
    order = Order(
        epochs,
        checkpoint_epochs,
        checkpoint_every,
        checkpoints,
        budget,
        test_every,
        analyze,
        device,
        threads,
        products,
        restart,
    )
    _train([variant], order, None if progress is None else _checked_display(progress))


def train_many(variants: Sequence[Variant], *, progress: TrainingProgress | ProgressOf | None = None, **options: Any) -> None:
    """Train several variants, those of one architecture in one batched step; options and errors are those of `train`.

    Each run has its own files and can be continued alone; its losses and checkpoints equal those of training alone, up to
    rounding. Variants in one batch may differ in seeds and optimizer settings. Variants that differ in anything else, or that
    do not fit into memory together, are trained one after the other. This is meant for a GPU, which one small model leaves
    mostly idle; on CPUs a sweep of processes with one thread each is faster. A run that fails does not stop the others. The
    progress shows means over runs, unless `progress` is a function that gives each variant its own display.

    Raises `HeadlapseError` at the end if runs failed, naming each.
    """
    each = checks.some(lambda _, value: check_variant(value), "variants", variants, "variant")
    twice = sorted({variant.name for variant in each if each.count(variant) > 1})
    if twice:
        raise InvalidValueError(f"variants holds {', '.join(twice)} more than once; name each variant once")
    unknown = [name for name in options if name not in {field.name for field in fields(Order)}]
    if unknown:
        raise TypeError(f"train_many() got an unexpected keyword argument {unknown[0]!r}")
    shown = progress if progress is None or _is_function(progress) else _checked_display(progress)
    _train(each, Order(**options), shown)


def _train(variants: Sequence[Variant], order: Order, progress: TrainingProgress | ProgressOf | None) -> None:
    order = order.checked()
    schedules = [_checked(variant, order) for variant in variants]
    keep_freed_memory()
    with ExitStack() as locks, interruptible() as asked:
        for variant in variants:
            locks.enter_context(locked(variant.paths.lock, "train"))
        shown = display() if progress is None else progress
        displays = [shown if isinstance(shown, TrainingProgress) else shown(variant) for variant in variants]
        opened = [_open(*each, order) for each in zip(variants, schedules, displays, strict=True)]
        for together in groups(opened) if len(opened) > 1 else [opened]:
            if len(together) > 1 and isinstance(shown, TrainingProgress):
                _show_means(together, shown)
            _run(together, order.test_every, asked.__bool__)
        asked.raise_if_asked()
    _raise_failures([each.session for each in opened])


def _checked_display(progress: object) -> TrainingProgress:
    if not isinstance(progress, TrainingProgress):
        raise checks.wrong("progress", "what has the methods of TrainingProgress", progress)
    return progress


def _is_function(progress: TrainingProgress | ProgressOf) -> TypeGuard[ProgressOf]:
    return callable(progress) and not isinstance(progress, TrainingProgress)


def _checked(variant: Variant, order: Order) -> Schedule:
    """The schedule of `variant`. Raises for impossible options before anything is written."""
    if variant.import_source is not None:
        raise InvalidValueError(f"{variant.name} was imported: without its optimizer state, training cannot continue")
    check_results(variant.results)
    check_ours(variant.paths.root)
    schedule = order.schedule(variant)
    check_fits(variant, Plan(order.total(variant), schedule.most, order.analyze, order.restart), order.device)
    variant.family.task.split(variant.settings)  # an empty one is refused
    return schedule


def _open(variant: Variant, schedule: Schedule, shown: TrainingProgress, order: Order) -> Opened:
    """The run of `variant`, new or from its training state, and how it computes."""
    if order.restart:
        _set_aside(variant, shown)
    run, total = _open_run(variant, order.device), order.total(variant)
    run.rng = torch.get_rng_state()
    arithmetic, remarks = settle(run, total, order.threads, order.products)
    write_config(variant, {"epochs": total, **schedule.describe()}, _versions(), run.arithmetic)
    analyze = _analysis_of(variant, shown) if order.analyze else _nothing
    return Opened(Session(run, total, schedule, analyze, shown), arithmetic, remarks)


def _show_means(together: Sequence[Opened], shown: TrainingProgress) -> None:
    means = Means(shown, len(together))
    for each in together:
        each.session.progress = means.of(each.session.variant.name)


def _run(together: Sequence[Opened], test_every: int, stopped: Callable[[], bool]) -> None:
    sessions = [each.session for each in together]
    for session in sessions:
        session.is_alone = len(sessions) == 1
    with together[0].arithmetic.applied(), ExitStack() as files:
        for each in together:
            files.enter_context(each.session.kept_files(each.remarks))
        train_epochs(sessions, sessions[0].epochs, stopped, test_every)


def _raise_failures(sessions: Sequence[Session]) -> None:
    failures = [session.failure for session in sessions if session.failure is not None]
    if failures:
        raise HeadlapseError(f"{len(failures)} of {len(sessions)} runs failed: {'; '.join(map(str, failures))}")


def _set_aside(variant: Variant, progress: TrainingProgress) -> None:
    folder = set_aside(variant)
    if folder is not None:
        progress.note(f"the earlier run is kept in {folder}; `headlapse import` makes a variant of it, or remove it")


def _open_run(variant: Variant, device: str) -> Run:
    if variant.paths.training_state.exists():
        variant.check_unchanged()
        try:
            return Run.resume(variant, device)
        except FileStateError as error:
            raise type(error)(error.path, error.problem, "train with --restart to begin again") from error
    if variant.checkpoint_epochs:
        raise InvalidValueError(
            f"{variant.name} has checkpoints but no training state to continue from; train with --restart to begin again"
        )
    return Run.begin(variant, device)


def _analysis_of(variant: Variant, progress: TrainingProgress) -> Analyze:
    from headlapse.analysis.pipeline import AnalysisPipeline

    pipeline = AnalysisPipeline(variant)

    def analyze(epoch: int | None) -> None:
        report = pipeline.analyze_run() if epoch is None else pipeline.analyze_epoch(epoch)
        for failure in report.failed:
            progress.note(f"analysis of epoch {failure.epoch:,} failed: {failure.reason}")

    return analyze


def _nothing(_epoch: int | None) -> None:
    """Replaces the analysis of a checkpoint with --no-analyze."""


def _versions() -> dict[str, str]:
    return {"headlapse": installed_version(), "torch": torch.__version__, "python": platform.python_version()}
