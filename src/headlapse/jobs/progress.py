"""How a job gets on, written to its status for whoever looks."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

from headlapse.storage.atomic import write_json

SECONDS_BETWEEN_WORDS = 0.5


class Report:
    """The status file of a job. Serves as the `TrainingProgress` of a run and counts the epochs of an analysis."""

    def __init__(self, path: Path, known: dict[str, Any]) -> None:
        self._path = path
        self._known = known
        self._began = self._written = 0.0
        self._first = 0

    def write(self, state: str, **more: Any) -> None:
        """Say that the job is in `state`, and what is known of it."""
        self._known |= {"state": state, "updated": time.time(), **more}
        self._written = time.monotonic()
        write_json(self._path, self._known)

    def start(self, epoch: int, epochs: int) -> None:
        self._began, self._first = time.monotonic(), epoch
        self.write("running", epoch=epoch, epochs=epochs)

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        losses = {"train_loss": _number(train_loss), "test_loss": _number(test_loss)}
        self._known |= {"epoch": epoch, **losses, "seconds_left": self._seconds_left(epoch)}
        if time.monotonic() - self._written >= SECONDS_BETWEEN_WORDS:
            self.write("running")

    def count(self, done: int, total: int, epoch: int) -> None:  # noqa: ARG002 -- the contract of an analysis
        """`done` of `total` checkpoints are analysed."""
        if self._began == 0:
            self.start(0, total)
        self._known |= {"epoch": done, "epochs": total, "seconds_left": self._seconds_left(done)}
        if time.monotonic() - self._written >= SECONDS_BETWEEN_WORDS:
            self.write("running")

    def note(self, text: str) -> None:
        print(text, flush=True)  # noqa: T201 -- into the job's log

    def stop(self) -> None:
        """The state that follows is written by the runner."""

    def _seconds_left(self, epoch: int) -> float | None:
        done = epoch - self._first
        spent = time.monotonic() - self._began
        return spent / done * (self._known["epochs"] - epoch) if done else None


def _number(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None
