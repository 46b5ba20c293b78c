"""Keeps runs going until none is left: starts them, checks how they ended, and restarts those that died."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from headlapse.errors import FileStateError
from headlapse.results.run_state import read_status
from headlapse.results.variant import Variant
from headlapse.storage.lease import lease_of, silent_token
from headlapse.storage.lock import owner
from headlapse.sweep.order import Order, Outcome
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.runs import is_cancelled, standing

Phase = Literal["waiting", "elsewhere", "running", "finished", "failed", "cancelled", "untrained"]
ENDED: tuple[Phase, ...] = ("finished", "failed", "cancelled", "untrained")
MOST_DEATHS = 3  # of a run in a row, without completing an epoch
SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_BETWEEN_STATUSES = 1.0
SECONDS_UNTIL_ASKED_AGAIN = 2.0  # of a run that is under way elsewhere


class Hands(Protocol):
    """Starts runs, as processes of this machine or tasks of a cluster."""

    @property
    def slots(self) -> int:
        """How many runs can be active at once."""
        ...

    def start(self, order: Order) -> Hashable:
        """Start a run and return its handle."""
        ...

    def ended(self, seconds: float) -> Iterable[tuple[Hashable, Outcome]]:
        """Runs that have ended; waits at most this long for one."""
        ...

    def stop(self) -> None:
        """Ask all runs to save and end."""
        ...


@dataclass
class Row:
    """The state of one run in the driver."""

    variant: Variant
    order: Order
    phase: Phase = "waiting"
    status: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    deaths: int = 0
    furthest: int = 0  # epoch reached at the last death
    not_before: float = 0.0

    @property
    def epoch(self) -> int:
        """The epoch that the run stated last."""
        return int(self.status.get("epoch", 0))


class Board(Protocol):
    """Shows the progress of a sweep."""

    def show(self, rows: list[Row]) -> None:
        """Show the state of all runs."""
        ...

    def note(self, text: str) -> None:
        """Print a line of text."""
        ...


def in_words(phase: Phase) -> str:
    """The phase as it is printed behind a number of runs."""
    return "under way elsewhere" if phase == "elsewhere" else phase


@dataclass
class Tally:
    """How a sweep ended: names of runs, reasons of those that failed, and the signal that ended it, if any.

    A run is `cancelled` if it has begun, and `untrained` if it has not; it is `elsewhere` if another process still trains it.
    """

    done_before: int = 0
    finished: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    untrained: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    signal: int | None = None

    def __str__(self) -> str:
        before = f", {self.done_before:,} done before" if self.done_before else ""
        words = f"{len(self.finished):,} finished{before}, {len(self.failed):,} failed, {len(self.cancelled):,} cancelled"
        others: dict[Phase, list[str]] = {"untrained": self.untrained, "elsewhere": self.elsewhere}
        return ", ".join([words, *(f"{len(names):,} {in_words(phase)}" for phase, names in others.items() if names)])

    @property
    def is_incomplete(self) -> bool:
        """Whether the sweep ended before some of its runs, which the same sweep continues."""
        return bool(self.cancelled or self.untrained or self.elsewhere)


class Driver:
    """A running sweep. `stopped` says whether it was asked to end."""

    def __init__(self, rows: list[Row], recipe: Recipe, hands: Hands, board: Board, stopped: Callable[[], bool]) -> None:
        self.rows = rows
        self._recipe, self._hands, self._board, self._stopped = recipe, hands, board, stopped
        self._running: dict[Hashable, Row] = {}
        self._looked = 0.0
        self._has_stopped = False

    def run(self) -> None:
        """Return once every run has ended, for whatever reason."""
        while self._is_going_on():
            if self._stopped() and not self._has_stopped:
                self._stop()
            self._start_some()
            for ticket, outcome in self._hands.ended(SECONDS_BETWEEN_LOOKS):
                self._settle(self._running.pop(ticket), outcome)
            self._read_statuses()
            self._board.show(self.rows)

    def _is_going_on(self) -> bool:
        phases = ("running",) if self._has_stopped else ("waiting", "elsewhere", "running")
        return any(row.phase in phases for row in self.rows)

    def _stop(self) -> None:
        self._has_stopped = True
        self._board.note("stopping: active runs finish their epoch and save")
        self._hands.stop()
        for row in self.rows:
            if row.phase == "waiting":
                row.phase = _ended_early(row.variant)

    def _start_some(self) -> None:
        now = time.monotonic()
        for row in self.rows:
            if self._has_stopped or len(self._running) >= self._hands.slots:
                return
            if row.phase in ("waiting", "elsewhere") and row.not_before <= now:
                self._start(row)

    def _start(self, row: Row) -> None:
        """Start the run, unless another process has trained it, is training it, or has asked it to stop."""
        found = standing(row.variant, self._recipe)
        row.status = found.status
        if is_cancelled(row.variant.paths):
            row.phase = _ended_early(row.variant)
        elif found.state == "done":
            row.phase = "finished"
        elif found.state == "broken":
            self._fail(row, found.reason)
        elif found.state == "busy":
            self._leave(row, owner(row.variant.paths.lock))
        else:
            row.phase = "running"
            order = replace(row.order, silent=silent_token(lease_of(row.variant.paths.lock)))
            self._running[self._hands.start(order)] = row

    def _settle(self, row: Row, outcome: Outcome) -> None:
        for note in outcome.notes:
            self._board.note(f"{row.variant.name}: {note}")
        found = standing(row.variant, self._recipe)
        row.status = found.status
        if found.state == "done":
            row.phase = "finished"
        elif outcome.ending == "cancelled" or self._has_stopped:
            row.phase = _ended_early(row.variant)
        elif outcome.ending == "busy":
            self._leave(row, outcome.reason)
        elif outcome.ending == "died":
            self._died(row, outcome.reason)
        else:
            self._fail(row, outcome.reason or found.reason or "it ended before its last epoch")

    def _died(self, row: Row, reason: str) -> None:
        row.deaths = 1 if row.epoch > row.furthest else row.deaths + 1
        row.furthest = max(row.furthest, row.epoch)
        if row.deaths >= MOST_DEATHS:
            self._fail(row, f"{reason}, {row.deaths} times in a row")
            return
        row.phase = "waiting"
        self._board.note(f"{row.variant.name}: {reason}; it continues from its last saved state")

    def _leave(self, row: Row, why: str) -> None:
        if row.phase != "elsewhere":
            self._board.note(f"{row.variant.name}: {why}")
        row.phase, row.reason = "elsewhere", why
        row.not_before = time.monotonic() + SECONDS_UNTIL_ASKED_AGAIN

    def _fail(self, row: Row, reason: str) -> None:
        row.phase, row.reason = "failed", reason
        self._board.note(f"{row.variant.name}: failed: {reason}")

    def _read_statuses(self) -> None:
        if time.monotonic() - self._looked < SECONDS_BETWEEN_STATUSES:
            return
        self._looked = time.monotonic()
        for row in self.rows:
            if row.phase in ("running", "elsewhere"):
                with suppress(FileStateError):
                    row.status = read_status(row.variant.paths)


def tally(rows: list[Row], done_before: int, broken: Mapping[str, str]) -> Tally:
    """The outcome of `rows`, in addition to runs that were done before and those that cannot continue."""

    def named(phase: Phase) -> list[str]:
        return [row.variant.name for row in rows if row.phase == phase]

    failed = {row.variant.name: row.reason for row in rows if row.phase == "failed"}
    reasons = {**broken, **failed}
    return Tally(done_before, named("finished"), named("cancelled"), named("untrained"), named("elsewhere"), reasons)


def _ended_early(variant: Variant) -> Phase:
    return "cancelled" if variant.was_trained_here else "untrained"
