"""Kill a job at every operation on the disk in its folder: while it is submitted, works, or is cancelled.

`python -m tests.crash.jobs` tries every fault at every operation and prints the figures. What a job does to its variant is
tried by `tests.crash.harness`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch

from headlapse.errors import FileStateError, HeadlapseError
from headlapse.jobs import JobQueue, queue
from headlapse.jobs.queue import ENDED
from headlapse.results import atomic
from headlapse.results.paths import JobPaths
from tests.crash.failing_disk import ERRORS, FAULTS, KILLED, PLANTS, FailingDisk, disturbed
from tests.crash.forks import FAILED, fast_folder, in_child, in_children
from tests.crash.job_acts import ACTS, FAMILIES, FAMILY_NAME, Act, started, submit, work
from tests.crash.oracle import FAMILY, contents, differences

STOPPED = 128 + signal.SIGTERM
OTHER, DAMAGED = OTHERS = ("00000000000000000001_aaaaaa", "00000000000000000002_bbbbbb")
Point = tuple[Act, str, int]


@dataclass
class Figures:
    """What was tried; `wrong` must stay empty."""

    operations: dict[str, int] = field(default_factory=dict)
    points: int = 0
    planted: dict[str, str] = field(default_factory=dict)  # what each planted bug was caught by
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Jobs:
    """What each act begins with, an undisturbed job to compare with, and the trials."""

    def __init__(self, folder: Path, plant: str = "") -> None:
        self.folder, self.plant, self.figures = folder, plant, Figures()
        (folder / FAMILIES).mkdir()
        definition = FAMILY.spec.model_dump(mode="json", exclude_unset=True) | {"name": FAMILY_NAME}
        (folder / FAMILIES / "family.json").write_text(json.dumps(definition))
        for act in ACTS:
            self._prepare(act)
            self.figures.operations[act.name] = self._count(act)
        golden = self._begin(folder / "trial", ACTS[1])
        assert in_child(partial(work, golden)) == 0
        self.golden = contents(golden / FAMILY_NAME)

    def _prepare(self, act: Act) -> None:
        """Two older jobs, of which one is damaged, then what comes before the act."""
        results = self.folder / act.name / "results"
        for name in OTHERS:
            paths = JobPaths.under(results, name)
            atomic.write_json(paths.status, {"state": "finished", "updated": 0.0})
            atomic.write_json(paths.request, {"kind": "analyze", "family": "x", "variant": "x", "settings": {}})
        paths.request.write_bytes(b"{")
        started(results).touch()
        for step in act.before:
            assert in_child(partial(step, results)) == 0

    def _begin(self, folder: Path, act: Act) -> Path:
        """The results in a fresh copy of what the act begins with."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / act.name, folder)
        return folder / "results"

    def _count(self, act: Act) -> int:
        results, file = self._begin(self.folder / "trial", act), self.folder / "count"

        def count() -> None:
            atomic.disk = disk = FailingDisk("kill before", 0, within=".jobs")
            try:
                act.disturbed(results)
            finally:
                file.write_text(str(disk.count))

        code = in_child(count)
        assert code in (0, STOPPED), f"{act.name} ended with {code}"
        return int(file.read_text())

    def trial(self, folder: Path, act: Act, fault: str, at: int) -> None:
        """One fault at one operation of the act, then the same request again, undisturbed."""
        results = self._begin(folder, act)
        others = _others(results)
        disk = partial(PLANTS[self.plant], fault, at, within=".jobs")
        code, committed = disturbed(partial(act.disturbed, results), folder / "committed", disk)
        problems = [] if code in ((0, FAILED, STOPPED) if fault in ERRORS else (KILLED,)) else [f"ended with {code}"]
        problems += _lost(committed) + _unreadable(results, ENDED)
        for step in act.after:
            if (code := in_child(partial(step, results))) not in (0, STOPPED):
                problems.append(f"what came after it ended with {code}")
        problems += _unreadable(results, act.states) + self._again(results)
        if _others(results) != others:
            problems.append("files of other jobs differ")
        self.figures.wrong += [f"{act.name}, {fault} at {at}: {problem}" for problem in problems]
        self.figures.points += 1

    def _again(self, results: Path) -> list[str]:
        """What goes wrong when the same request is submitted again, and its job does its work."""
        before = started(results).read_text().split()
        code = in_child(partial(submit, results))
        new = started(results).read_text().split()[len(before) :]
        if code != 0 or len(new) != 1:
            return [f"submitting it again ended with {code} and started {len(new)} jobs"]
        code = in_child(partial(work, results))
        if code != 0 or JobQueue(results).get(new[0]).state != "finished":
            return [f"running it again ended with {code}: {JobQueue(results).log(new[0])}"]
        differing = differences(self.golden, contents(results / FAMILY_NAME))
        return [f"after running it again these differ: {', '.join(differing)}"] if differing else []

    def share(self, points: list[Point], folder: Path) -> dict[str, Any]:
        """The figures of `points` alone."""
        self.figures = Figures()
        for point in points:
            self.trial(folder, *point)
        return asdict(self.figures)


def _lost(committed: Iterable[Path]) -> list[str]:
    """Files that were safe for good and are gone or damaged; a lock's note is removed on purpose."""
    lost = []
    for path in committed:
        if ".jobs" in path.parts and not path.name.endswith("owner.json"):
            try:
                atomic.read_json(path, "")
            except FileStateError as error:
                lost.append(f"lost: {error}")
    return lost


def _others(results: Path) -> dict[str, bytes]:
    jobs = results / ".jobs"
    return {str(path): path.read_bytes() for name in OTHERS for path in (jobs / name).rglob("*") if path.is_file()}


def _unreadable(results: Path, states: tuple[str, ...]) -> list[str]:
    """What a reader finds that is neither a right state nor an error with a name."""
    jobs = JobQueue(results)
    listed = [job.name for job in jobs.jobs()]
    wrong = [] if OTHER in listed else ["another job is not listed"]
    for name in [name for name in listed if name != OTHER]:
        if (state := jobs.get(name).state) not in states:
            wrong.append(f"the job is {state}")
        jobs.log(name)
    with suppress(HeadlapseError):
        wrong.append(f"a damaged job is {jobs.get(DAMAGED).state}")
    return wrong


def run(stride: int, processes: int) -> Figures:
    """Every fault at every `stride`th operation of every act."""
    torch.set_num_threads(1)
    queue.SECONDS_TO_START = 0.0  # no process that was noted ever comes, and nobody waits for it
    began = time.monotonic()
    with fast_folder() as folder:
        jobs = Jobs(folder)
        points = [
            (act, fault, at)
            for act in ACTS
            for number, fault in enumerate(FAULTS)
            for at in range(1 + 5 * number % stride, jobs.figures.operations[act.name] + 1, stride)
        ]
        shares = [(points[child::processes], folder / f"trial{child}") for child in range(processes)]
        for found in in_children(processes, lambda child: jobs.share(*shares[child]), folder):
            jobs.figures.points += found["points"]
            jobs.figures.wrong += found["wrong"]
    jobs.figures.seconds = round(time.monotonic() - began, 1)
    return jobs.figures


def plant(name: str) -> str:
    """What is found first when a bug is planted."""
    with fast_folder() as folder:
        jobs = Jobs(folder, name)
        for at in range(1, jobs.figures.operations["work"] + 1):
            for fault in ("kill halfway", "power cut, zeros"):
                jobs.trial(folder / "trial", ACTS[1], fault, at)
                if jobs.figures.wrong:
                    return jobs.figures.wrong[0]
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stride", type=int, default=1, help="try every n-th operation")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes share the trials")
    parser.add_argument("--plant", action="store_true", help="also plant bugs and see that they are found")
    arguments = parser.parse_args()
    figures = run(arguments.stride, arguments.jobs)
    if arguments.plant:
        figures.planted = {name: plant(name) for name in ("no-fsync", "in-place")}
    print(json.dumps(asdict(figures), indent=1))
    return 1 if figures.wrong or not all(figures.planted.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
