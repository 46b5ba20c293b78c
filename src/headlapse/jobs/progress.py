"""The progress of a job, written to its status file."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any

from headlapse.storage.atomic import write_json
from headlapse.system.output import write_line
from headlapse.training.pace import Pace
from headlapse.training.progress import Lines

SECONDS_BETWEEN_WORDS = 0.5


class Report:
    """The status file of a job, and its log. Serves as the `TrainingProgress` of a run and counts the epochs of an analysis."""

    def __init__(self, path: Path, known: dict[str, Any]) -> None:
        self._path = path
        self._known = known
        self._written = 0.0
        self._pace: Pace | None = None
        self._lines = Lines(_say)

    def write(self, state: str, **more: Any) -> None:
        """Write that the job is in `state`, with what is known about it."""
        self._known |= {"state": state, "updated": time.time(), **more}
        self._written = time.monotonic()
        write_json(self._path, self._known)

    def start(self, epoch: int, epochs: int) -> None:
        self._lines.start(epoch, epochs)
        self._begin(epoch, epochs)

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self._lines.advance(epoch, train_loss, test_loss)
        self._known |= {"train_loss": _number(train_loss), "test_loss": _number(test_loss)}
        self._reach(epoch)

    def count(self, done: int, total: int, epoch: int) -> None:
        """`done` of `total` checkpoints are analysed, `epoch` being the last."""
        if self._pace is None:
            self._begin(0, total)
        self.note(f"checkpoint {done:,} of {total:,}: epoch {epoch:,}")
        self._reach(done)

    def note(self, text: str) -> None:
        _say(text)

    def stop(self) -> None:
        """Does nothing: the runner writes the next state."""
        self._lines.stop()

    def _begin(self, epoch: int, epochs: int) -> None:
        self._pace = Pace(epoch, epochs)
        self.write("running", epoch=epoch, epochs=epochs)

    def _reach(self, epoch: int) -> None:
        if self._pace is None:
            return
        self._pace.advance(epoch)
        self._known |= {"epoch": epoch, "epochs": self._pace.epochs, "seconds_left": self._pace.seconds_left}
        if time.monotonic() - self._written >= SECONDS_BETWEEN_WORDS:
            self.write("running")


def _say(text: str) -> None:
    write_line(text, sys.stdout)  # the job's log


def _number(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None
