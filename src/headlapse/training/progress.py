"""Show the progress of a run: a bar in a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from headlapse.results.variant import Variant
from headlapse.system.output import lasting, write_line
from headlapse.training.pace import Pace

SECONDS_BETWEEN_LINES = 10.0


@runtime_checkable
class TrainingProgress(Protocol):
    """Receives every epoch and every remark of a run."""

    def start(self, epoch: int, epochs: int) -> None:
        """Training begins after `epoch` of `epochs` epochs."""

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        """`epoch` is done, with its losses; the test loss is NaN if it was not computed."""

    def note(self, text: str) -> None:
        """A line for the user."""

    def stop(self) -> None:
        """Training has ended, for whatever reason."""


ProgressOf = Callable[[Variant], TrainingProgress]  # a display for each of several runs


class Silent:
    """Shows nothing."""

    def start(self, epoch: int, epochs: int) -> None: ...

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None: ...

    def note(self, text: str) -> None: ...

    def stop(self) -> None: ...


class Bar:
    """A rich progress bar on stderr: epoch, losses, pace and time left."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("[bold]epoch {task.completed:,.0f} / {task.total:,.0f}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[losses]}"),
            TextColumn("{task.fields[speed]}"),
            console=console,
        )
        self._task = TaskID(0)
        self._pace = Pace(0, 0)

    def start(self, epoch: int, epochs: int) -> None:
        self._pace = Pace(epoch, epochs)
        self._task = self._progress.add_task("train", total=epochs, completed=epoch, losses="", speed="")
        self._progress.start()

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self._pace.advance(epoch, train_loss, test_loss)
        self._progress.update(self._task, completed=epoch, losses=self._pace.losses, speed=self._pace.speed)

    def note(self, text: str) -> None:
        self._progress.console.print(text, highlight=False)

    def stop(self) -> None:
        self._progress.stop()


class Lines:
    """One plain line every ten seconds, and at the end; on stderr, unless `write` puts it elsewhere."""

    def __init__(self, write: Callable[[str], None] | None = None) -> None:
        self._write = write or write_line
        self._last_line = 0.0
        self._pace = Pace(0, 0)
        self._is_new = False

    def start(self, epoch: int, epochs: int) -> None:
        self._last_line, self._pace = time.monotonic(), Pace(epoch, epochs)
        if epoch < epochs:
            self.note(f"training from epoch {epoch:,} to {epochs:,}")

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self._pace.advance(epoch, train_loss, test_loss)
        self._is_new = True
        now = time.monotonic()
        if now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._flush()
            self._last_line = now

    def note(self, text: str) -> None:
        self._write(text)

    def stop(self) -> None:
        self._flush()

    def _flush(self) -> None:
        if self._is_new:
            self.note(str(self._pace))
            self._is_new = False


class Means:
    """Shows runs that train together as one: the means of their losses, and remarks with the name of the run."""

    def __init__(self, shown: TrainingProgress, n_runs: int) -> None:
        self._shown, self._n_runs = shown, n_runs
        self._losses: dict[str, tuple[float, float]] = {}
        self._open = 0

    def of(self, name: str) -> TrainingProgress:
        """The progress of the run `name`, as part of these."""
        return _OneOfMany(self, name)

    def start(self, epoch: int, epochs: int) -> None:
        """One more run begins."""
        self._open += 1
        if self._open == 1:
            self._shown.note(f"training {self._n_runs} runs at once")
            self._shown.start(epoch, epochs)

    def advance(self, name: str, epoch: int, losses: tuple[float, float]) -> None:
        """The first run that reports again shows that the previous epoch is done."""
        if name in self._losses:
            self._losses = {}
        self._losses[name] = losses
        means = [sum(values) / len(values) for values in zip(*self._losses.values(), strict=True)]
        self._shown.advance(epoch, *means)

    def note(self, name: str, text: str) -> None:
        """A line for the user."""
        self._shown.note(f"{name}: {text}")

    def stop(self) -> None:
        """One run fewer."""
        self._open -= 1
        if self._open == 0:
            self._shown.stop()


@dataclass(frozen=True)
class _OneOfMany:
    means: Means
    name: str

    def start(self, epoch: int, epochs: int) -> None:
        self.means.start(epoch, epochs)

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self.means.advance(self.name, epoch, (train_loss, test_loss))

    def note(self, text: str) -> None:
        self.means.note(self.name, text)

    def stop(self) -> None:
        self.means.stop()


def display() -> TrainingProgress:
    """The bar if stderr is a terminal, otherwise lines."""
    console = Console(file=lasting(sys.stderr))
    return Bar(console) if console.is_terminal else Lines()
