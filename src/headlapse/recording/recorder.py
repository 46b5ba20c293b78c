"""Record a user's own training: attention at the epochs that a schedule chooses, scalars at every step."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import numpy as np
from torch import Tensor, nn

from headlapse import checks
from headlapse.errors import InvalidValueError
from headlapse.recording.files import RunFiles, is_of_step
from headlapse.recording.observer import Observer
from headlapse.recording.schedules import Cost, Schedule
from headlapse.recording.survival import Survivor
from headlapse.results.recorded import PATTERNS
from headlapse.system.output import write_line
from headlapse.workbench import RecordedRun

MOST_EPOCHS = 10**8
NOTHING_YET = -1


@dataclass
class Recorder:
    """Follows one training; `headlapse.record` creates it. As a context manager it finishes when the block ends.

    In distributed training it does nothing in any process but the first, and `run` is None there.
    """

    run: RecordedRun | None
    model: nn.Module
    observer: Observer | None
    schedule: Schedule
    files: RunFiles | None
    weights: bool = False
    analyze: bool = True
    newest: int = NOTHING_YET  # last reported epoch
    captured: int = NOTHING_YET  # last captured epoch
    attempted: int = NOTHING_YET  # last epoch whose capture was tried, so that one that fails is not tried at every step
    resumes: bool = False  # until the first step gives the epoch
    began: float = field(default_factory=time.perf_counter)
    cost: Cost = field(default_factory=Cost)
    _values: dict[str, float] = field(default_factory=dict)
    _has_nan: bool = False
    is_over: bool = False  # after `finish`, or a training that failed

    def begin(self, epoch: int, patterns: np.ndarray) -> None:
        """Keep the first capture, which was made since the recorder `began`, as that of `epoch`."""
        with Survivor(f"epoch {epoch:,}"):
            self._keep(epoch, patterns)
        self.newest = self.attempted = epoch
        self.cost.captures += time.perf_counter() - self.began
        self._note("training", epoch)

    def step(self, step: int | None = None, *, epoch: int | None = None, **scalars: Any) -> None:
        """Report a step, after `optimizer.step()`; `step` counts from 0, and the model is now that of epoch `step + 1`.

        `train_loss`, which was computed before the step, and every other scalar whose name begins with `train_` belong to the
        previous epoch; all others belong to the current model. Values are numbers or tensors of one number; None is left out.
        `epoch` gives the epoch directly. Reporting the same step again replaces its values. Raises `InvalidValueError` for a
        step that goes back: after a restart from an older checkpoint, call `record` with `resume=True`.
        """
        self._check_open()
        now = self._epoch(step, epoch)
        values = {name: value for name, given in scalars.items() if (value := number_of(name, given)) is not None}
        if self.files is None:
            return
        if self.resumes:
            self._resume_at(now)
        if now < self.newest:
            raise InvalidValueError(
                f"step {now - 1:,} goes back: step {self.newest - 1:,} was recorded; after a restart from an older checkpoint "
                "make the recorder with resume=True, or record under another name"
            )
        self.newest = now
        self._values |= values
        with Survivor("a scalar"):
            self.files.write_scalars({name: now - 1 if is_of_step(name) else now for name in values}, values)
        self.cost.total = time.perf_counter() - self.began
        if self.schedule.is_due(now, self.attempted, self.cost):
            self._capture(now)
        self._note("training", now, at_once=self.captured == now)

    def log(self, epoch: int, **scalars: Any) -> None:
        """Add scalars to a reported step, as in `step(epoch=epoch, ...)`, without a capture."""
        self._check_open()
        epoch = checks.whole("epoch", epoch, most=MOST_EPOCHS)
        values = {name: value for name, given in scalars.items() if (value := number_of(name, given)) is not None}
        self._values |= values
        if self.files is not None:
            with Survivor("a scalar"):
                self.files.write_scalars({name: max(epoch - 1, 0) if is_of_step(name) else epoch for name in values}, values)

    def capture(self) -> None:
        """Capture the current model, whether or not the schedule asks for it."""
        self._check_open()
        if self.newest != NOTHING_YET:
            self._capture(self.newest)

    def finish(self) -> None:
        """Capture the last epoch if needed, analyse all captures, and end the recording. Calling it again does nothing."""
        if self.files is None or self.run is None:
            return
        if self.newest not in (self.captured, NOTHING_YET):
            self._capture(self.newest)
        self.cost.total = time.perf_counter() - self.began
        if self.analyze:
            with Survivor("the analysis"):
                self._analyze()
        self._note("trained", max(self.newest, 0), cost=self._cost_in_words())
        self._close()
        say(f"{self.run.name}: {self._cost_in_words()}; in {self.run.paths.root}")

    def stop(self, error: BaseException | str) -> None:
        """End the recording of a training that failed or was interrupted by `error`, without another capture."""
        if self.files is None:
            return
        stopped = isinstance(error, KeyboardInterrupt | SystemExit)
        reason = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        self._note("cancelled" if stopped else "failed", max(self.newest, 0), reason=reason)
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        if error is None:
            self.finish()
        else:
            self.stop(error)

    def __str__(self) -> str:
        return "not recorded in this process" if self.observer is None else str(self.observer)

    def _check_open(self) -> None:
        if self.is_over:
            raise InvalidValueError(
                "the recording has ended, so nothing more is recorded; continue it with record(..., resume=True)"
            )

    def _epoch(self, step: int | None, epoch: int | None) -> int:
        if (step is None) == (epoch is None):
            raise InvalidValueError("give the step, which counts from 0, or epoch=, the number of steps that were done")
        if epoch is not None:
            return checks.whole("epoch", epoch, least=1, most=MOST_EPOCHS)
        return checks.whole("step", step, most=MOST_EPOCHS - 1) + 1

    def _resume_at(self, epoch: int) -> None:
        """Continue at this epoch: records of this epoch and later ones are set aside."""
        assert self.files is not None and self.run is not None
        self.resumes = False
        before = [each for each in self.run.artifacts.get_epochs(PATTERNS) if each < epoch]
        self.files.set_aside(after=epoch - 1)
        self.captured = self.attempted = before[-1] if before else NOTHING_YET
        self.schedule.start(self.run)
        self.newest = epoch - 1

    def _capture(self, epoch: int) -> None:
        if self.files is None or self.observer is None:
            return
        began = time.perf_counter()
        self.attempted = epoch
        with Survivor(f"epoch {epoch:,}", of=Exception):
            self._keep(epoch, self.observer.patterns(self.model))
        self.cost.captures += time.perf_counter() - began

    def _keep(self, epoch: int, patterns: np.ndarray) -> None:
        assert self.files is not None
        self._warn_of_nan(epoch)
        if self.weights:
            self.files.write_weights(epoch, self.model, self._values)
        self.files.write_patterns(epoch, patterns)
        self.captured = epoch
        self.cost.count += 1
        self.files.remove(self.schedule.landed(epoch, patterns, self._values))

    def _warn_of_nan(self, epoch: int) -> None:
        """Once: files hold no NaN, so a model that has diverged would look as if it attended to nothing."""
        if self._has_nan or self.observer is None or not self.observer.broken:
            return
        self._has_nan = True
        names = ", ".join(sorted(self.observer.broken))
        warnings.warn(
            f"epoch {epoch:,}: attention of {names} is not a number (NaN); such rows are recorded as zeros",
            RuntimeWarning,
            stacklevel=5,
        )

    def _analyze(self) -> None:
        from headlapse.analysis import AnalysisPipeline

        assert self.run is not None
        pipeline = AnalysisPipeline(self.run)
        for epoch in self.run.artifacts.get_epochs(PATTERNS):
            for failure in pipeline.analyze_epoch(epoch).failed:
                say(f"analysis of epoch {failure.epoch:,} failed: {failure.reason}")
        for failure in pipeline.analyze_run().failed:
            say(f"analysis failed: {failure.reason}")

    def _note(self, state: str, epoch: int, at_once: bool = True, **more: Any) -> None:
        if self.files is not None and not self.resumes:  # without a step, a run that was resumed stays as it was
            with Survivor("the status"):
                self.files.write_status(state, epoch, self._values, at_once, **more)

    def _close(self) -> None:
        if self.files is not None:
            with Survivor("the end"):
                self.files.close()
        self.files = None
        self.is_over = True

    def _cost_in_words(self) -> str:
        cost = self.cost
        times = "capture" if cost.count == 1 else "captures"
        return f"{cost.count:,} {times} took {cost.captures:,.1f} s, {cost.share:.1%} of the time of the training"


def number_of(name: str, given: Any) -> float | None:
    """The scalar as a float, which may be infinite or NaN; None for None. Raises `InvalidValueError` for anything else."""
    if given is None:
        return None
    try:
        return float(given.detach() if isinstance(given, Tensor) else given)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise checks.wrong(name, "a number, or a tensor of one number", given) from error


def say(text: str) -> None:
    """Print one line to the user."""
    write_line(f"headlapse: {text}")
