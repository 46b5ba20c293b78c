"""What can be disturbed of a job: that it is submitted, works, or is cancelled.

The runner works in this process, and a process that the queue would start is only noted: nothing is imported again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from headlapse.jobs import JobQueue, TrainRequest, progress, queue, runner
from headlapse.results.paths import JobPaths
from headlapse.workbench import FamilyRegistry
from tests.crash.oracle import CHECKPOINTS, EPOCHS

FAMILY_NAME = "small"
FAMILIES = "families"
STOPPED = 128 + signal.SIGTERM


@dataclass(frozen=True)
class Act:
    """What is disturbed, what comes before it, and how the job may end that it is about."""

    name: str
    before: tuple[Callable[[Path], object], ...]
    disturbed: Callable[[Path], object]
    after: tuple[Callable[[Path], object], ...] = ()
    states: tuple[str, ...] = ("finished", "failed")
    code: int = 0  # with which it ends undisturbed


def submit(results: Path) -> None:
    """Submit the request; that a process is started is noted in a file, and no more."""

    def note(program: list[str], **_options: object) -> SimpleNamespace:
        with started(results).open("a") as file:
            print(program[-1], file=file)
        return SimpleNamespace(wait=lambda: None)

    queue.subprocess = SimpleNamespace(Popen=note, DEVNULL=subprocess.DEVNULL)  # type: ignore[attr-defined]
    JobQueue(results).submit(request_of(results))


def work(results: Path, stop_at: int = -1) -> None:
    """Be the process of the newest job; asked to stop by SIGTERM once epoch `stop_at` is reached."""
    name = newest(results)
    log = os.open(JobPaths.under(results, name).log, os.O_WRONLY | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())

    class Stopping(progress.Report):
        def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
            if epoch == stop_at:
                os.kill(os.getpid(), signal.SIGTERM)
            super().advance(epoch, train_loss, test_loss)

    runner.Report = Stopping  # type: ignore[attr-defined]
    progress.SECONDS_BETWEEN_WORDS = 0.0  # every epoch is told, so that every run has the same operations
    sys.exit(runner.main(results, name))


def cancel(results: Path) -> None:
    JobQueue(results).cancel(newest(results))


def submit_and_work(results: Path) -> None:
    """What a user does after a fault, and the process that is started by it."""
    submit(results)
    work(results)


ACTS = (
    Act("submit", (), submit, states=("failed",)),
    Act("work", (submit,), work),
    Act("cancel", (submit,), cancel, after=(work,), states=("finished", "cancelled")),
    Act("work that is cancelled", (submit, cancel), work, states=("cancelled", "failed"), code=STOPPED),
    Act("work that is stopped", (submit,), partial(work, stop_at=2), states=("cancelled", "failed"), code=STOPPED),
)


def started(results: Path) -> Path:
    """Where it is noted which jobs were given a process."""
    return results.with_suffix(".started")


def newest(results: Path) -> str:
    return started(results).read_text().split()[-1]


def request_of(results: Path) -> TrainRequest:
    families = results.parents[1] / FAMILIES
    settings = FamilyRegistry(families).get(FAMILY_NAME).resolve({"prime": 5, "train_fraction": 0.6})
    return TrainRequest(FAMILY_NAME, "p5", settings, EPOCHS, CHECKPOINTS[1], [str(families)])
