"""On this machine: one process per run, as many at once as CPUs and memory allow; on a GPU one process for many runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from headlapse.sweep.driver import Tally
from headlapse.sweep.estimate import runs_at_once
from headlapse.sweep.places import PlaceRegistry
from headlapse.sweep.processes import Batches, Processes
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.work import Work
from headlapse.system.cpus import usable_cpus


class Local:
    """Processes of this machine, each in its own session: Ctrl-C reaches the sweep, which asks them to stop."""

    name: ClassVar[str] = "local"
    options: ClassVar[Mapping[str, str]] = {}

    def check(self, given: Mapping[str, str], recipe: Recipe, threads: int | None) -> None: ...

    def cpus(self) -> int:
        return usable_cpus()

    def at_once(self, threads: int, memory: int, device: str) -> int | None:
        return None if device == "cuda" else runs_at_once(threads, self.cpus(), memory)

    def run(self, work: Work) -> Tally:
        slots = self.at_once(work.sums.threads, work.estimate.memory, work.plan.recipe.device)
        with _ended_with(Batches() if slots is None else Processes(slots)) as processes:
            return work.drive(processes)


@contextmanager
def _ended_with(processes: Processes | Batches) -> Iterator[Processes | Batches]:
    """No process outlives the block, however it ends; a run that is killed here continues from its last save."""
    try:
        yield processes
    finally:
        processes.kill()


PlaceRegistry.register(Local())
