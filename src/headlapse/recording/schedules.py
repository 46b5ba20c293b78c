"""Which epochs of somebody else's training are captured. Its length need not be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from headlapse import checks

GROWTH = 1.05  # from one log-spaced epoch to the next: fourteen while the epoch doubles
AFFORDABLE = 0.04  # of the time of the training, for all captures together


@dataclass
class Cost:
    """Seconds that captures took so far, and those since the recording began."""

    captures: float = 0.0
    total: float = 0.0
    count: int = 0

    @property
    def share(self) -> float:
        """Of the time of the training, without the captures."""
        training = self.total - self.captures
        return self.captures / training if training > 0 else 0.0

    def allows_another(self) -> bool:
        """Whether one more capture of the usual length stays within what is affordable."""
        usual = self.captures / max(self.count, 1)
        return self.captures + usual <= AFFORDABLE * (self.total - self.captures)


class Schedule(Protocol):
    """Says of each epoch, as it comes, whether it is captured."""

    @property
    def most(self) -> int | None:
        """How many captures there will be; None where that depends on the length of the training."""
        ...

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:
        """Whether to capture `epoch`, where `newest` was captured last."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """What config.json says about it."""
        ...


@dataclass(frozen=True)
class Every:
    """Every so many epochs."""

    every: int
    most: int | None = None

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:  # noqa: ARG002
        return epoch // self.every > newest // self.every

    def describe(self) -> Mapping[str, Any]:
        return {"every": self.every}


@dataclass(frozen=True)
class Listed:
    """These epochs."""

    epochs: tuple[int, ...]

    @property
    def most(self) -> int:
        return len(self.epochs)

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:  # noqa: ARG002
        return epoch in self.epochs

    def describe(self) -> Mapping[str, Any]:
        return {"epochs": list(self.epochs)}


@dataclass(frozen=True)
class LogSpaced:
    """Denser at the beginning: each epoch at least 5 % later than the one before. `affordable` ones wait for their turn."""

    affordable: bool = False
    most: int | None = None

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:
        is_next = epoch >= max(newest + 1, newest * GROWTH)
        return is_next and (not self.affordable or cost.allows_another())

    def describe(self) -> Mapping[str, Any]:
        return {"log_spaced": GROWTH} | ({"at_most_share_of_time": AFFORDABLE} if self.affordable else {})


def schedule_of(given: Any) -> Schedule:
    """None: log-spaced and affordable; a number: every so many epochs; "log"; a list of epochs. Raises `InvalidValueError`."""
    if given is None:
        return LogSpaced(affordable=True)
    if given == "log":
        return LogSpaced()
    if checks.as_whole(given) is not None:
        return Every(checks.whole("schedule", given, least=1))
    if isinstance(given, str) or not isinstance(given, Sequence | range):
        raise checks.wrong("schedule", 'a number of epochs, "log", or a list of epochs', given)
    return Listed(tuple(sorted(set(checks.some(checks.whole, "schedule", given, "epoch")))))
