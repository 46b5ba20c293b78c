"""Kill a training run and a job at each system call on their files, or make that call fail: the layer below Python.

Needs `strace`. `python -m tests.crash.syscalls --jobs 2 --plant` prints the figures of both: every fault at every call. Each
trial is a fork of a process that has imported everything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch

from headlapse.results import artifacts, checkpoints
from headlapse.storage import atomic
from tests.crash.figures import Figures, gather
from tests.crash.forks import FAILED, fast_folder
from tests.crash.job_oracle import job_subjects
from tests.crash.oracle import Training
from tests.crash.planted_disks import NoSync
from tests.crash.subject import Subject
from tests.crash.tracing import Call, TracingError, committed, met, traced, unflushed

KILL = "signal=KILL"
RECOUNTS = 5  # the same calls have other numbers from elsewhere (torch reads the source of callers) and at other times (status)
FAULTS = (KILL, "error=ENOSPC", "error=EIO")


@dataclass
class CallFigures(Figures):
    calls: int = 0
    died: int = 0  # of the signal, in the call it was meant for
    failed: int = 0  # calls that were made to fail


class Layer:
    """The calls of a subject's undisturbed work, and the trials."""

    def __init__(self, subject: Subject, folder: Path, plant: Callable[[], None] = lambda: None) -> None:
        self._subject, self._plant = subject, plant
        self._count(folder)
        self.unflushed = unflushed(self.calls)

    def _count(self, folder: Path) -> None:
        code, self.calls = self._traced(self._subject.begin(folder))
        assert code == self._subject.code and self.calls

    def _traced(self, results: Path, *options: str) -> tuple[int, list[Call]]:
        def work() -> None:
            self._plant()
            self._subject.work(results)

        return traced(results / self._subject.within, results.parent / "strace.log", work, *options)

    def trial(self, fault: str, index: int, figures: CallFigures, folder: Path) -> None:
        """One fault, what it has left on the disk, and an undisturbed recovery."""
        results, code, calls = self._disturb(fault, index, folder)
        for _ in range(RECOUNTS):
            if met(calls) == [str(self.calls[index])]:
                break
            self._count(folder)
            index = min(index, len(self.calls) - 1)
            results, code, calls = self._disturb(fault, index, folder)
        lost = self._subject.lost(results, [results / self._subject.within / path for path in committed(calls)])
        wrong = self._missed(fault, index, code, calls) + self._subject.aftermath(results) + self._subject.again(results)
        figures.note(f"{self._subject.name}, {fault} at {self.calls[index]}", lost, wrong)
        figures.died += code == -signal.SIGKILL
        figures.failed += fault != KILL and bool(met(calls))
        figures.points += 1

    def _disturb(self, fault: str, index: int, folder: Path) -> tuple[Path, int, list[Call]]:
        results, call = self._subject.begin(folder), self.calls[index]
        return results, *self._traced(results, "-e", f"inject={call.name}:{fault}:when={call.number}")

    def _missed(self, fault: str, index: int, code: int, calls: list[Call]) -> list[str]:
        """The fault must have met the call it was meant for, and the process must have ended as it should."""
        allowed = (-signal.SIGKILL,) if fault == KILL else (self._subject.code, FAILED)
        is_hit = met(calls) == [str(self.calls[index])] and code in allowed
        return [] if is_hit else [f"met {met(calls)} and ended with {code}"]


def run(subjects: Sequence[Subject], folder: Path, stride: int, processes: int) -> CallFigures:
    """Every fault at every `stride`th call."""
    began = time.monotonic()
    layers = [Layer(subject, folder / "counted") for subject in subjects]
    calls = [(layer, index) for layer in layers for index in range(len(layer.calls))]
    figures = CallFigures(calls=len(calls), wrong=[wrong for layer in layers for wrong in layer.unflushed])
    trials = [
        partial(layer.trial, fault, index)
        for number, fault in enumerate(FAULTS)
        for layer, index in calls[5 * number % stride :: stride]
    ]
    gather(figures, trials, processes, folder)
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


def in_place(path: Path, content: bytes, for_good: bool = True) -> None:
    """Planted bug: a write that no other layer sees, into the file itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def plant_in_place() -> None:
    for module in (atomic, checkpoints, artifacts):
        module.write_bytes = in_place  # type: ignore[attr-defined]


def plant_no_fsync() -> None:
    atomic.disk = NoSync("", 0)


PLANTS = {"past-the-writer": plant_in_place, "no-fsync": plant_no_fsync}


def planted(subject: Subject, folder: Path, plant: Callable[[], None]) -> str:
    """What is found first when a bug is planted."""
    layer = Layer(subject, folder, plant)
    figures = CallFigures(wrong=layer.unflushed)
    for index in [index for index, call in enumerate(layer.calls) if call.name == "write"]:
        if figures.are_good:
            layer.trial(KILL, index, figures, folder)
    return next(iter(figures.lost + figures.wrong), "")


def figures_of(subjects: Sequence[Subject], folder: Path, arguments: argparse.Namespace) -> CallFigures:
    figures = run(subjects, folder, arguments.stride, arguments.jobs)
    if arguments.plant:
        figures.planted = {name: planted(subjects[0], folder / "planted", plant) for name, plant in PLANTS.items()}
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stride", type=int, default=1, help="try every n-th call")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes share the trials")
    parser.add_argument("--plant", action="store_true", help="also plant bugs and see that they are found")
    arguments = parser.parse_args()
    if shutil.which("strace") is None:
        print("skipped: there is no strace on the PATH; install Debian's package strace")
        return 0
    torch.set_num_threads(1)
    try:
        with fast_folder() as folder:
            training = figures_of([Training(folder)], folder, arguments)
            jobs = figures_of(job_subjects(folder), folder, arguments)
    except TracingError as error:
        print(f"skipped: strace may not trace here: {error}")
        return 0
    print(json.dumps({"training": asdict(training), "jobs": asdict(jobs)}, indent=1))
    return 0 if training.are_good and jobs.are_good else 1


if __name__ == "__main__":
    sys.exit(main())
