"""A progress bar over epochs, in a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def epoch_progress(what: str) -> Iterator[Callable[[int, int, int], None]]:
    """A function of (done, total, epoch) that moves the bar. There is no bar if stderr is not a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None)

        def show(done: int, total: int, epoch: int) -> None:
            progress.update(task, completed=done, total=total, description=f"{what}, epoch {epoch:,}")

        yield show
