"""One session of training of a variant, and the files it keeps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property

from headlapse.errors import HeadlapseError
from headlapse.results.losses import append_losses
from headlapse.results.records import write_metadata, write_status
from headlapse.results.variant import Variant
from headlapse.training.progress import TrainingProgress
from headlapse.training.run import Run
from headlapse.training.schedule import Schedule

Analyze = Callable[[int | None], None]  # of a written checkpoint, or of the run if None


@dataclass
class Session:
    """One session of training and the files it keeps: losses, checkpoints, state, status, metadata.

    If it is one of several at once, an error ends only this one.
    """

    run: Run
    epochs: int
    schedule: Schedule
    analyze: Analyze
    progress: TrainingProgress
    is_alone: bool = True
    failure: HeadlapseError | None = None
    _train_losses: list[float] = field(default_factory=list)
    _test_losses: list[float] = field(default_factory=list)
    _shown_test_loss: float = math.nan

    @property
    def variant(self) -> Variant:
        """The variant that is trained."""
        return self.run.variant

    @property
    def has_failed(self) -> bool:
        """Whether it has failed and no longer takes part."""
        return self.failure is not None

    @cached_property
    def kept(self) -> frozenset[int]:
        """The epochs that keep a checkpoint."""
        return frozenset(self.schedule.candidates)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """A context in which an error ends all training, or only this run if it is one of several."""
        try:
            yield
        except HeadlapseError as error:
            if self.is_alone:
                raise
            self.failure = error
            self._write_last_status("failed", error)

    @contextmanager
    def kept_files(self, notes: Sequence[str] = ()) -> Iterator[None]:
        """A context to train in. However the run ends, its status says how."""
        for note in (*self.variant.family.notes(self.variant.settings), *notes):
            self.progress.note(f"note: {note}")
        if self.run.epoch >= self.epochs and self.run.epoch > 0:
            self.progress.note(f"already trained to epoch {self.run.epoch:,}; ask for more epochs to continue")
        try:
            with self.failing():
                self._begin()
            try:
                yield
                with self.failing():
                    if not self.has_failed:
                        self._save_state()
            finally:
                self.progress.stop()
            with self.failing():
                self._end()
        except BaseException as error:
            self._write_last_status("cancelled" if isinstance(error, KeyboardInterrupt | SystemExit) else "failed", error)
            raise

    def record(self, train_loss: float, test_loss: float) -> None:
        """Record an epoch and its losses; the test loss is NaN if not evaluated."""
        self._train_losses.append(train_loss)
        self._test_losses.append(test_loss)
        if math.isfinite(test_loss):
            self._shown_test_loss = test_loss
        self.progress.advance(self.run.epoch, train_loss, self._shown_test_loss)

    def checkpoint(self) -> None:
        """Write losses, then the checkpoint, then the state, so that a state never refers to files that do not exist."""
        newest = self._newest_losses()
        self._save_losses()
        self.run.write_checkpoint(self.schedule.measure(self.run, newest))
        self.run.write_state()
        self._write_status("training")
        self.analyze(self.run.epoch)
        self.schedule.landed(self.run)

    def _begin(self) -> None:
        """First finish what an earlier process left undone when it was killed."""
        if self.run.epoch == 0:
            self._save_state()
        self._write_metadata()
        self._write_status("training")
        self.schedule.start(self.run)
        for epoch in self.variant.checkpoint_epochs:
            self.analyze(epoch)
        _, self._shown_test_loss = self.variant.losses.at(self.run.epoch)
        self.progress.start(self.run.epoch, self.epochs)

    def _end(self) -> None:
        if not self.has_failed:
            self.analyze(None)
            self._write_metadata()
            self._write_status("trained" if self.run.epoch >= self.epochs else "cancelled")

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
        write_status(self.variant, {**status, **losses, **more})

    def _write_last_status(self, state: str, error: BaseException) -> None:
        with suppress(HeadlapseError):  # show the error that ended the run, not the full disk
            self._write_status(state, reason=f"{type(error).__name__}: {error}")

    def _write_metadata(self) -> None:
        split = self.variant.family.task.split(self.variant.settings)
        indices = {"train_indices": split.train.tolist(), "test_indices": split.test.tolist()}
        write_metadata(self.variant, indices)


def _or_none(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None
