"""Train a variant: claim it, start or continue its run, keep what happened on disk."""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version

import torch

from headlapse import checks
from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError
from headlapse.results.losses import append_losses
from headlapse.results.other_programs import check_ours
from headlapse.results.paths import check_results
from headlapse.results.variant import Variant
from headlapse.storage.lock import locked
from headlapse.system.allocator import keep_freed_memory
from headlapse.training.adaptive import AdaptiveSchedule
from headlapse.training.arithmetic import check_threads, settle
from headlapse.training.interruption import interruptible
from headlapse.training.limits import Plan, check_fits
from headlapse.training.loop import train_epochs
from headlapse.training.progress import TrainingProgress, display
from headlapse.training.run import Run, resolve_device
from headlapse.training.schedule import DEFAULT_BUDGET, FixedSchedule, Schedule, check_kind

Analyze = Callable[[int | None], None]  # of a checkpoint that landed, or of the run where None


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
    """Train `variant` to `epochs` optimizer steps, continuing an earlier run; `restart` moves that aside and begins again.

    Checkpoints are kept at `checkpoint_epochs`, or every `checkpoint_every` epochs with the first and the last; None takes
    the family's schedule; `checkpoints="adaptive"` keeps at most `budget` (250) instead, most where the model moves quickly.
    The test loss is evaluated every `test_every` epochs and at checkpoints. With `analyze` each checkpoint is analysed as it
    lands. `threads` train, and the last digits depend on the number; None takes that of the run so far, or for a new run one
    for each CPU with enough to do; `products` names the library of matrix products in the same way. Ctrl-C and SIGTERM finish
    the epoch, write the state and raise; the run can be continued.
    Raises `InvalidValueError` for a value out of range, `BusyError` where another process is training the variant,
    `IncompatibleFileError` where its folder is of another program, `NonFiniteError` where the loss diverges.
    """
    if variant.import_source is not None:
        raise InvalidValueError(f"{variant.name} was imported: without the state of its optimizer it cannot go on")
    check_results(variant.results)
    check_ours(variant.paths.root)
    planned = variant.family.spec.schedule.epochs
    total = int(planned.check("epochs", planned.default if epochs is None else epochs))
    keep = _schedule(variant, total, checkpoints, every=checkpoint_every, chosen=checkpoint_epochs, budget=budget)
    test_every = checks.whole("test_every", test_every, least=1)
    for name, value in (("analyze", analyze), ("restart", restart)):
        checks.flag(name, value)
    if progress is not None and not isinstance(progress, TrainingProgress):
        raise checks.wrong("progress", "what has the methods of TrainingProgress", progress)
    device = resolve_device(device)
    threads = check_threads(threads, device)
    check_fits(variant, Plan(total, keep.most, analyze, restart), device)
    variant.family.task.split(variant.settings)  # an empty one is refused before anything is written
    keep_freed_memory()
    with locked(variant.paths.lock, "train"), interruptible() as asked:
        shown = display() if progress is None else progress
        if restart:
            _set_aside(variant, shown)
        run = _open_run(variant, device)
        arithmetic, remarks = settle(run, total, threads, products)
        session = Session(variant, run, total, test_every, shown)
        variant.write_config({"epochs": total, **keep.describe()}, _versions(), run.arithmetic)
        with arithmetic.applied():
            analysis = _analysis_of(variant, session.progress) if analyze else _nothing
            session.run_to_end(keep, analysis, asked.__bool__, remarks)
        asked.raise_if_asked()


def _set_aside(variant: Variant, progress: TrainingProgress) -> None:
    folder = variant.set_aside()
    if folder is not None:
        progress.note(f"the earlier run is kept in {folder}; `headlapse import` makes a variant of it, or remove it")


def _schedule(
    variant: Variant, epochs: int, kind: str, *, every: int | None, chosen: Sequence[int] | None, budget: int | None
) -> Schedule:
    """The schedule asked for. What would do nothing in it is refused, so that nobody counts on it."""
    check_kind(kind, every, chosen, budget)
    if kind == "adaptive":
        return AdaptiveSchedule(variant, epochs, DEFAULT_BUDGET if budget is None else budget)
    spacing = variant.family.spec.schedule.checkpoint_every
    every = int(spacing.check("checkpoint_every", spacing.default if every is None else every))
    return FixedSchedule(epochs, every, chosen)


@dataclass
class Session:
    """One stretch of training and the files it keeps: losses, checkpoints, state, status, metadata."""

    variant: Variant
    run: Run
    epochs: int
    test_every: int
    progress: TrainingProgress
    _train_losses: list[float] = field(default_factory=list)
    _test_losses: list[float] = field(default_factory=list)
    _shown_test_loss: float = math.nan

    def run_to_end(self, keep: Schedule, analyze: Analyze, stopped: Callable[[], bool], notes: Sequence[str] = ()) -> None:
        """Train to the last epoch; whatever ends the run, the last word in the status says how it ended."""
        for note in (*self.variant.family.notes(self.variant.settings), *notes):
            self.progress.note(f"note: {note}")
        if self.run.epoch >= self.epochs and self.run.epoch > 0:
            self.progress.note(f"already trained to epoch {self.run.epoch:,}; ask for more epochs to continue")
        try:
            self._train(keep, analyze, stopped)
        except BaseException as error:
            stop = isinstance(error, KeyboardInterrupt | SystemExit)
            with suppress(HeadlapseError):  # what ended the run is the error to show, not that the disk is full
                self._write_status("cancelled" if stop else "failed", reason=f"{type(error).__name__}: {error}")
            raise
        self._write_metadata()
        self._write_status("trained" if self.run.epoch >= self.epochs else "cancelled")

    def _train(self, keep: Schedule, analyze: Analyze, stopped: Callable[[], bool]) -> None:
        """Whatever an earlier process left undone when it was killed is done first."""
        if self.run.epoch == 0:
            self._save_state()
        self._write_metadata()
        self._write_status("training")
        keep.start(self.run)
        for epoch in self.variant.checkpoint_epochs:
            analyze(epoch)
        _, self._shown_test_loss = self.variant.losses.at(self.run.epoch)
        self.progress.start(self.run.epoch, self.epochs)
        try:
            train_epochs(
                self.run,
                self.epochs,
                keep=frozenset(keep.candidates),
                record=self._record,
                checkpoint=lambda: self._keep(keep, analyze),
                stopped=stopped,
                test_every=self.test_every,
            )
            self._save_state()
        finally:
            self.progress.stop()
        analyze(None)

    def _record(self, train_loss: float, test_loss: float) -> None:
        self._train_losses.append(train_loss)
        self._test_losses.append(test_loss)
        if math.isfinite(test_loss):
            self._shown_test_loss = test_loss
        self.progress.advance(self.run.epoch, train_loss, self._shown_test_loss)

    def _keep(self, keep: Schedule, analyze: Analyze) -> None:
        """Losses first, then the checkpoint, then the state: a state never points beyond what is there."""
        newest = self._newest_losses()
        self._save_losses()
        self.run.write_checkpoint(keep.measure(self.run, newest))
        self.run.write_state()
        self._write_status("training")
        analyze(self.run.epoch)
        keep.landed(self.run)

    def _save_state(self) -> None:
        self._save_losses()
        self.run.write_state()

    def _save_losses(self) -> None:
        first = self.run.epoch - len(self._train_losses)
        append_losses(self.variant.paths.losses, first, self._train_losses, self._test_losses)
        self._train_losses, self._test_losses = [], []

    def _newest_losses(self) -> dict[str, float | None]:
        if not self._train_losses:
            return {}
        return {"train_loss": _or_none(self._train_losses[-1]), "test_loss": _or_none(self._test_losses[-1])}

    def _write_status(self, state: str, **more: str) -> None:
        if self._train_losses:  # they are not on the disk yet
            train_loss, test_loss = self._train_losses[-1], self._shown_test_loss
        else:
            train_loss, test_loss = self.variant.losses.at(self.run.epoch)
        status = {"state": state, "epoch": self.run.epoch, "epochs": self.epochs, "updated": time.time()}
        losses = {"train_loss": _or_none(train_loss), "test_loss": _or_none(test_loss)}
        self.variant.write_status({**status, **losses, **more})

    def _write_metadata(self) -> None:
        split = self.variant.family.task.split(self.variant.settings)
        indices = {"train_indices": split.train.tolist(), "test_indices": split.test.tolist()}
        self.variant.write_metadata(indices)


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
    """What is done with a checkpoint under --no-analyze."""


def _or_none(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None


def _versions() -> dict[str, str]:
    return {"headlapse": version("headlapse"), "torch": torch.__version__, "python": platform.python_version()}
