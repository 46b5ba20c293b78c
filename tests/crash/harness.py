"""Put every fault into every operation on the disk of a real training run, run it again, and compare with an undisturbed run.

`python -m tests.crash.harness --jobs 2 --plant` prints the figures. Each trial is a fork of a process that has imported
everything, so this process keeps to one thread.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import torch

from headlapse.storage import atomic
from tests.crash.failing_disk import ERRORS, FAULTS, KILLED, SHORT_WRITES, FailingDisk, can_meet, disturbed
from tests.crash.figures import Figures, Trial, gather
from tests.crash.forks import FAILED, fast_folder, in_child
from tests.crash.oracle import Training
from tests.crash.planted_disks import PLANTS, FixedTemporary, two_writers
from tests.crash.subject import Recovery, Subject

FIRST_FAULTS = ("kill after", "ENOSPC for ever", "power cut, zeros")
SECOND_FAULTS = ("kill before", "EIO for ever", "EIO once")


@dataclass
class DiskFigures(Figures):
    operations: dict[str, int] = field(default_factory=dict)  # of each subject
    compound_points: int = 0


@dataclass(frozen=True)
class Point:
    """One fault at one operation of a subject's work."""

    subject: Subject
    fault: str
    at: int
    disk: type[FailingDisk] = FailingDisk

    def trial(self, figures: DiskFigures, folder: Path) -> None:
        """The fault, and then an undisturbed recovery."""
        results = self._disturb(figures, folder)
        figures.note(str(self), wrong=self.subject.again(results))
        figures.points += 1

    def second_trials(self, stride: int, figures: DiskFigures, folder: Path) -> None:
        """The fault, a second one at every `stride`-th operation of the recovery, and then an undisturbed recovery."""
        left = self._disturb(figures, folder.with_name(f"{folder.name}_left"))
        recovery = Recovery(self.subject, f"{self.fault} at {self.at}", left)
        operations = len(operations_of(recovery, folder))
        for number, fault in enumerate(SECOND_FAULTS):
            for at in range(1 + (self.at + number) % stride, operations + 1, stride):
                second = Point(recovery, fault, at)
                figures.note(str(second), wrong=recovery.again(second._disturb(figures, folder)))
                figures.compound_points += 1

    def _disturb(self, figures: DiskFigures, folder: Path) -> Path:
        """Results that the fault has left, with what then goes on by itself."""
        results = self.subject.begin(folder)
        disk = partial(self.disk, self.fault, self.at, within=self.subject.within)
        code, committed = disturbed(partial(self.subject.work, results), folder / "committed", disk)
        lost = self.subject.lost(results, committed)
        wrong = self.subject.aftermath(results)
        wrong += [] if code in self._codes() else [f"ended with {code}"]
        wrong += self.subject.unlike(results) if self.fault in SHORT_WRITES else []
        figures.note(str(self), lost, wrong)
        return results

    def _codes(self) -> tuple[int, ...]:
        """With which it may end: a kill must have killed, and only an error may be given up for."""
        if self.fault in ERRORS:
            return (self.subject.code, FAILED)
        return (self.subject.code,) if self.fault in SHORT_WRITES else (KILLED,)

    def __str__(self) -> str:
        return f"{self.subject.name}, {self.fault} at {self.at}"


def operations_of(subject: Subject, folder: Path) -> list[str]:
    """Names of the operations on the disk of the undisturbed work."""
    results, names = subject.begin(folder), folder / "operations"

    def count() -> None:
        atomic.disk = disk = FailingDisk("kill before", 0, within=subject.within)
        try:
            subject.work(results)
        finally:
            names.write_text("\n".join(disk.operations))

    code = in_child(count)
    assert code == subject.code, f"{subject.name} ended with {code}"
    return names.read_text().split()


class Harness:
    """Subjects, and every operation of their work."""

    def __init__(self, subjects: Sequence[Subject], folder: Path) -> None:
        self._folder = folder
        self._places = [
            (subject, at, operation)
            for subject in subjects
            for at, operation in enumerate(operations_of(subject, folder / "count"), start=1)
        ]

    def run(self, stride: int, compound_stride: int, processes: int) -> DiskFigures:
        """Every fault at every `stride`-th operation; where asked, a second one at every `compound_stride`-th of recoveries."""
        began = time.monotonic()
        figures = DiskFigures(operations=dict(Counter(subject.name for subject, _, _ in self._places)))
        trials: list[Trial[DiskFigures]] = [
            point.trial for number, fault in enumerate(FAULTS) for point in self._points(fault, stride, first=5 * number)
        ]
        for number, fault in enumerate(FIRST_FAULTS if compound_stride else ()):
            points = self._points(fault, compound_stride, first=number)
            trials += [partial(point.second_trials, compound_stride) for point in points]
        gather(figures, trials, processes, self._folder)
        figures.seconds = round(time.monotonic() - began, 1)
        return figures

    def planted(self, disk: type[FailingDisk], fault: str) -> str:
        """What is found first on a disk with a bug."""
        figures = DiskFigures()
        for point in self._points(fault, 1, first=0, disk=disk):
            point.trial(figures, self._folder / "planted")
            if found := figures.lost + figures.wrong:
                return found[0]
        return ""

    def _points(self, fault: str, stride: int, first: int, disk: type[FailingDisk] = FailingDisk) -> list[Point]:
        places = [(subject, at) for subject, at, operation in self._places if can_meet(fault, operation)]
        return [Point(subject, fault, at, disk) for subject, at in places[first % stride :: stride]]


def main(
    subjects_in: Callable[[Path], Sequence[Subject]], description: str | None, more_plants: Mapping[str, Callable[[Path], str]]
) -> int:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--stride", type=int, default=1, help="try every n-th operation")
    parser.add_argument("--compound-stride", type=int, default=0, help="second faults at every n-th operation of a recovery")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes share the trials")
    parser.add_argument("--plant", action="store_true", help="also plant bugs and see that they are found")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with fast_folder() as folder:
        harness = Harness(subjects_in(folder), folder)
        figures = harness.run(arguments.stride, arguments.compound_stride, arguments.jobs)
        if arguments.plant:
            figures.planted = {name: harness.planted(*plant) for name, plant in PLANTS.items()}
            figures.planted |= {name: find(folder / "file") for name, find in more_plants.items()}
    print(json.dumps(asdict(figures), indent=1))
    return 0 if figures.are_good else 1


if __name__ == "__main__":
    sys.exit(main(lambda folder: [Training(folder)], __doc__, {"fixed-temporary": partial(two_writers, disk=FixedTemporary)}))
