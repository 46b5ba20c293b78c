"""The progress of a run, written to its folder every second, where it can be read from any machine."""

from __future__ import annotations

import math
import os
import signal
import time
from contextlib import suppress

from headlapse.errors import WriteFailedError
from headlapse.results.records import write_status
from headlapse.results.variant import Variant
from headlapse.sweep.runs import is_cancelled

SECONDS_BETWEEN_LOOKS = 1.0


class Report:
    """The `TrainingProgress` of a run: keeps status.json up to date, and ends the run after a save once it is asked to stop."""

    def __init__(self, variant: Variant, notes: list[str], seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        self._variant = variant
        self._notes = notes
        self._seconds = seconds  # between two looks
        self._looked = self._began = 0.0
        self._first = self._epochs = 0

    def start(self, epoch: int, epochs: int) -> None:
        self._began = self._looked = time.monotonic()
        self._first, self._epochs = epoch, epochs

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        now = time.monotonic()
        if now - self._looked < self._seconds:
            return
        self._looked = now
        if is_cancelled(self._variant.paths):
            os.kill(os.getpid(), signal.SIGTERM)  # the training notes it, finishes its epoch, and saves
        losses = {"train_loss": _or_none(train_loss), "test_loss": _or_none(test_loss)}
        rate = (epoch - self._first) / (now - self._began)
        status = {"state": "training", "epoch": epoch, "epochs": self._epochs, "updated": time.time(), "rate": rate}
        with suppress(WriteFailedError):  # a full disk ends the run at its next checkpoint, with its own message
            write_status(self._variant, {**status, **losses})

    def note(self, text: str) -> None:
        self._notes.append(text)

    def stop(self) -> None:
        """The status that follows is written by the training."""


def _or_none(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None
