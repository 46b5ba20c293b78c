"""The progress of a sweep: a live table in a terminal, otherwise plain lines."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from headlapse.sweep.driver import ENDED, Board, Phase, Row, in_words
from headlapse.system.output import lasting, write_line
from headlapse.visualization.format import duration_in_words, loss_in_words

SECONDS_BETWEEN_LINES = 10.0
MOST_ROWS = 40  # of the table; active runs come first
ORDER: tuple[Phase, ...] = ("running", "elsewhere", "failed", "waiting", "finished", "cancelled", "untrained")
COLUMNS = ("run", "state", "epoch", "train loss", "test loss", "epochs/s", "left")


@contextmanager
def board(total: int, label: Sequence[str]) -> Iterator[Board]:
    """A table if stderr is a terminal, otherwise lines. `label` names the settings that distinguish the runs."""
    console = Console(file=lasting(sys.stderr))
    if not console.is_terminal:
        yield Lines(total, label)
        return
    with Live(console=console, auto_refresh=False, transient=False) as live:
        yield LiveTable(total, label, live)


class LiveTable:
    """A row for each active run, for those that failed, and for as many others as fit."""

    def __init__(self, total: int, label: Sequence[str], live: Live) -> None:
        self._progress, self._label, self._live = _Progress(total), label, live

    def show(self, rows: list[Row]) -> None:
        table = Table(box=None, pad_edge=False)
        for column in COLUMNS:
            table.add_column(column, justify="left" if column in ("run", "state") else "right")
        chosen = sorted(rows, key=lambda row: ORDER.index(row.phase))[: min(MOST_ROWS, self._live.console.height - 4)]
        for row in chosen:
            table.add_row(*_cells(row, self._label))
        self._live.update(Group(table, Text(self._progress.summary(rows))), refresh=True)

    def note(self, text: str) -> None:
        self._live.console.print(text, highlight=False, markup=False)


class Lines:
    """A line when a run begins or ends, and a summary every ten seconds."""

    def __init__(self, total: int, label: Sequence[str]) -> None:
        self._progress, self._label = _Progress(total), label
        self._phases: dict[str, Phase] = {}
        self._last = time.monotonic()

    def show(self, rows: list[Row]) -> None:
        for row in rows:
            before = self._phases.get(row.variant.name, "waiting")
            if row.phase != before and row.phase in ("running", *ENDED) and row.phase != "failed":  # its reason is a note
                words = [row.phase, *([f"from epoch {row.epoch:,}"] if row.phase == "running" and row.epoch else [])]
                self.note(f"{named(row, self._label)}: {' '.join(words)}{_losses(row) if row.phase == 'finished' else ''}")
            self._phases[row.variant.name] = row.phase
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            self.note(self._progress.summary(rows))

    def note(self, text: str) -> None:
        write_line(text)


class _Progress:
    """Counts, and the total time left, estimated from the rate so far."""

    def __init__(self, total: int) -> None:
        self._total, self._began = total, time.monotonic()
        self._first: float | None = None

    def summary(self, rows: list[Row]) -> str:
        counts = Counter(row.phase for row in rows)
        done = self._total - len(rows) + counts["finished"]
        words = [f"{done:,} of {self._total:,} done", f"{counts['running']:,} running"]
        others = (phase for phase in ORDER if phase not in ("running", "waiting", "finished"))
        words += [f"{counts[phase]:,} {in_words(phase)}" for phase in others if counts[phase]]
        left = self._seconds_left(rows)
        return " · ".join([*words, *([] if left is None else [f"{duration_in_words(left)} left"])])

    def _seconds_left(self, rows: list[Row]) -> float | None:
        shares = [1.0 if row.phase in ENDED else _share(row) for row in rows]
        done = sum(shares)
        self._first = done if self._first is None else self._first
        gained = done - self._first
        return (len(rows) - done) * (time.monotonic() - self._began) / gained if gained > 0 else None


def named(row: Row, label: Sequence[str]) -> str:
    """The settings that distinguish the run from others of the grid: "seed=3, weight_decay=0.5"; otherwise its name."""
    return ", ".join(f"{name}={row.variant.settings[name]}" for name in label) or row.variant.name


def _share(row: Row) -> float:
    return min(1.0, row.epoch / max(1, int(row.order.recipe["epochs"])))


def _cells(row: Row, label: Sequence[str]) -> list[str]:
    losses = [_loss(row, "train"), _loss(row, "test")]
    rate = row.status.get("rate") if row.phase == "running" else None
    left = (int(row.order.recipe["epochs"]) - row.epoch) / rate if rate else None
    numbers = ["" if rate is None else f"{rate:.1f}", "" if left is None else duration_in_words(left)]
    return [named(row, label), row.phase, f"{row.epoch:,}", *losses, *numbers]


def _losses(row: Row) -> str:
    return f", train loss {_loss(row, 'train')}, test loss {_loss(row, 'test')}"


def _loss(row: Row, kind: str) -> str:
    loss = row.status.get(f"{kind}_loss")
    return loss_in_words(float("nan") if loss is None else loss)
