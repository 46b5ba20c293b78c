"""The speed of a run, and the remaining time at that pace."""

from __future__ import annotations

import math
import time
from collections import deque

from headlapse.visualization.format import duration_in_words

SECONDS = 30.0  # window of the pace: long enough to be steady, short enough to follow a change
SECONDS_BETWEEN = 0.5  # between two stored epochs


class Pace:
    """The pace of the last `SECONDS`, and the newest losses. The test loss is the last that was computed."""

    def __init__(self, epoch: int, epochs: int) -> None:
        self.epoch, self.epochs = epoch, epochs
        self._test_loss = math.nan
        self._seen = deque([(time.monotonic(), epoch)])
        self._train_loss = math.nan

    def advance(self, epoch: int, train_loss: float = math.nan, test_loss: float = math.nan) -> None:
        """`epoch` is done; a test loss that was not computed is NaN."""
        now = time.monotonic()
        self.epoch, self._train_loss = epoch, train_loss
        if not math.isnan(test_loss):
            self._test_loss = test_loss
        if len(self._seen) < 2 or now - self._seen[-2][0] >= SECONDS_BETWEEN:
            self._seen.append((now, epoch))
        else:
            self._seen[-1] = (now, epoch)
        while len(self._seen) > 2 and self._seen[1][0] < now - SECONDS:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        """Epochs per second; 0 if not known yet."""
        (began, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if now > began else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None if not known yet."""
        return (self.epochs - self.epoch) / self.per_second if self.per_second else None

    @property
    def losses(self) -> str:
        """The losses, as far as they are known: "train loss 1.234e-07  test loss 2.500e+00"."""
        known = {"train": self._train_loss, "test": self._test_loss}
        return "  ".join(f"{name} loss {loss:.3e}" for name, loss in known.items() if not math.isnan(loss))

    @property
    def speed(self) -> str:
        """The pace, and the remaining time: "12.8 epochs/s  21 min left"."""
        left = self.seconds_left
        return "" if left is None else f"{self.per_second:.1f} epochs/s  {duration_in_words(left)} left"

    def __str__(self) -> str:
        place = f"epoch {self.epoch:,} / {self.epochs:,}"
        return "  ".join(part for part in (place, self.losses, self.speed) if part)
