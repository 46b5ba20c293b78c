"""The plain code in its own process, with the default allocator.

`headlapse.system.allocator` changes a whole process, so the plain code is faster beside ours than alone.
"""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import headlapse
from benchmarks.plain import plain_works
from benchmarks.timing import seconds
from headlapse.workbench import Variant


class Apart:
    """A process that does the requested plain work; it ends with this one."""

    def __init__(self, variant: Variant, epoch: int, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._steps, theirs = context.Pipe()
        context.Process(target=_work, args=(theirs, variant.paths.root, epoch, folder), daemon=True).start()

    def seconds(self, step: str) -> float:
        """Seconds that the step takes in that process."""
        self._steps.send(step)
        took: float = self._steps.recv()
        return took


def _work(steps: Connection, variant: Path, epoch: int, folder: Path) -> None:
    folder.mkdir()
    works = plain_works(headlapse.load_variant(variant), epoch, folder)
    with suppress(EOFError):
        while True:
            steps.send(seconds(works[steps.recv()]))
