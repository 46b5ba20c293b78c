"""Schedules of captures: which epochs of a training are captured. Its length need not be known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from headlapse import checks
from headlapse.errors import InvalidValueError

if TYPE_CHECKING:
    import numpy as np

    from headlapse.results.recorded import RecordedRun

GROWTH = 1.05  # from one log-spaced epoch to the next: fourteen while the epoch doubles
AFFORDABLE = 0.04  # share of the training time for all captures together


@dataclass
class Cost:
    """Seconds spent on captures, and seconds since the recording began."""

    captures: float = 0.0
    total: float = 0.0
    count: int = 0

    @property
    def share(self) -> float:
        """The time of the captures as a share of the training time without them."""
        training = self.total - self.captures
        return self.captures / training if training > 0 else 0.0

    def allows_another(self) -> bool:
        """Whether one more capture of the usual length stays within the affordable share."""
        usual = self.captures / max(self.count, 1)
        return self.captures + usual <= AFFORDABLE * (self.total - self.captures)


class Schedule(Protocol):
    """Decides for each epoch, in turn, whether it is captured."""

    @property
    def most(self) -> int | None:
        """The number of captures; None if it depends on the length of the training."""
        ...

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:
        """Whether to capture `epoch`, given that `newest` was captured last."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """The entry in config.json."""
        ...

    def start(self, run: RecordedRun) -> None:
        """Called when an earlier recording is resumed."""
        ...

    def landed(self, epoch: int, patterns: np.ndarray, values: Mapping[str, float]) -> Iterable[int]:
        """Called when `epoch` was captured. Returns the epochs whose captures should be dropped."""
        ...


class KeepsAll:
    """A schedule that drops no capture."""

    def start(self, run: RecordedRun) -> None:
        """Does nothing."""

    def landed(self, epoch: int, patterns: np.ndarray, values: Mapping[str, float]) -> Iterable[int]:  # noqa: ARG002
        return ()


@dataclass(frozen=True)
class Every(KeepsAll):
    """Every `every` epochs."""

    every: int
    most: int | None = None

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:  # noqa: ARG002
        return epoch // self.every > newest // self.every

    def describe(self) -> Mapping[str, Any]:
        return {"every": self.every}


@dataclass(frozen=True)
class Listed(KeepsAll):
    """The listed epochs."""

    epochs: tuple[int, ...]

    @property
    def most(self) -> int:
        return len(self.epochs)

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:  # noqa: ARG002
        return epoch in self.epochs

    def describe(self) -> Mapping[str, Any]:
        return {"epochs": list(self.epochs)}


@dataclass(frozen=True)
class LogSpaced(KeepsAll):
    """Denser at the beginning: each epoch is at least 5 % later than the one before. `affordable` captures may wait."""

    affordable: bool = False
    most: int | None = None

    def is_due(self, epoch: int, newest: int, cost: Cost) -> bool:
        is_next = epoch >= max(newest + 1, newest * GROWTH)
        return is_next and (not self.affordable or cost.allows_another())

    def describe(self) -> Mapping[str, Any]:
        return {"log_spaced": GROWTH} | ({"at_most_share_of_time": AFFORDABLE} if self.affordable else {})


def schedule_of(given: Any, total: int | None = None, budget: int | None = None) -> Schedule:
    """The schedule for None (log-spaced and affordable), a number of epochs between captures, "log", a list, or "adaptive".

    Only "adaptive" takes the length of the training, `total`, and a `budget`. Raises `InvalidValueError`.
    """
    if isinstance(given, str) and given == "adaptive":
        return _adaptive(total, budget)
    if total is not None or budget is not None:
        raise InvalidValueError('total and budget need schedule="adaptive"')
    if given is None:
        return LogSpaced(affordable=True)
    if isinstance(given, str) and given == "log":
        return LogSpaced()
    if checks.as_whole(given) is not None:
        return Every(checks.whole("schedule", given, least=1))
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise checks.wrong("schedule", 'a number of epochs, "log", "adaptive" or a list of epochs', given)
    return Listed(tuple(sorted(set(checks.some(checks.whole, "schedule", given, "epoch")))))


def _adaptive(total: int | None, budget: int | None) -> Schedule:
    from headlapse.recording.adaptive import DEFAULT_BUDGET, Adaptive

    if total is None:
        raise InvalidValueError('schedule="adaptive" needs the length of the training: give total=, the number of its steps')
    return Adaptive(total, DEFAULT_BUDGET if budget is None else budget)
