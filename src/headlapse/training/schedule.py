"""Schedules: which epochs keep a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from headlapse import checks
from headlapse.errors import InvalidValueError

if TYPE_CHECKING:
    from headlapse.training.run import Run

KINDS = ("fixed", "adaptive")
DEFAULT_BUDGET = 250  # as many as the published schedule keeps


class Schedule(Protocol):
    """Decides which epochs keep a checkpoint, before or during the run."""

    @property
    def candidates(self) -> list[int]:
        """Epochs at which a checkpoint is written, ascending."""
        ...

    @property
    def most(self) -> int:
        """The largest number of checkpoints."""
        ...

    def describe(self) -> dict[str, Any]:
        """The schedule's entry in config.json."""
        ...

    def start(self, run: Run) -> None:
        """Called once, before the run starts or continues."""
        ...

    def measure(self, run: Run, losses: Mapping[str, float | None]) -> dict[str, Any]:
        """Values to store in the checkpoint that is about to be written."""
        ...

    def landed(self, run: Run) -> None:
        """Called after a checkpoint has been written and analysed."""
        ...


@dataclass(frozen=True)
class FixedSchedule:
    """Epochs known before the run: `chosen` ones, or every `every` epochs. All checkpoints are kept."""

    epochs: int
    every: int
    chosen: Sequence[int] | None = None

    @cached_property
    def candidates(self) -> list[int]:
        return checkpoint_schedule(self.epochs, self.every, self.chosen)

    @property
    def most(self) -> int:
        return len(self.candidates) if self.chosen is not None else count_every(self.epochs, self.every)

    def describe(self) -> dict[str, Any]:
        return {"checkpoint_epochs": self.candidates}

    def start(self, run: Run) -> None:
        """Does nothing."""

    def measure(self, run: Run, losses: Mapping[str, float | None]) -> dict[str, Any]:  # noqa: ARG002
        return dict(losses)

    def landed(self, run: Run) -> None:
        """Removes nothing."""


def check_kind(kind: str, every: int | None, chosen: Sequence[int] | None, budget: int | None) -> None:
    """Raise `InvalidValueError` for an unknown kind of schedule, and for options that have no effect in it."""
    checks.one_of("checkpoints", kind, KINDS)
    if kind == "adaptive" and (every is not None or chosen is not None):
        raise InvalidValueError("adaptive checkpoints choose their epochs; leave out checkpoint_every and checkpoint_epochs")
    if kind == "fixed" and budget is not None:
        raise InvalidValueError("a budget of checkpoints is for adaptive ones; add --checkpoints adaptive or leave it out")
    if every is not None and chosen is not None:
        raise InvalidValueError("give checkpoint_every or checkpoint_epochs, not both")


def count_every(epochs: int, every: int) -> int:
    """The number of checkpoints with one every `every` epochs, without listing them: there may be a thousand million."""
    return epochs // every + 1 + (epochs % every > 0)


def checkpoint_schedule(epochs: int, every: int, chosen: Sequence[int] | None = None) -> list[int]:
    """Checkpoint epochs of a run of `epochs`, ascending: `chosen` ones, or every `every` with the first and the last."""
    if chosen is None:
        return sorted({*range(0, epochs + 1, every), epochs})

    def among_them(_name: str, epoch: object) -> int:
        found = checks.as_number(epoch)  # np.linspace gives floats
        if found is None or not found.is_integer() or not 0 <= found <= epochs:
            raise checks.wrong("checkpoint epochs", f"whole numbers from 0 to {epochs}", epoch)
        return int(found)

    return sorted(set(checks.several(among_them, "checkpoint epochs", chosen, "epochs")))
