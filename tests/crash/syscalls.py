"""Kill a training run at each system call on its files, or make that call fail: the layer below Python.

Needs `strace`. `python -m tests.crash.syscalls --jobs 2 --plant` prints the figures: every fault at every call. Each trial is
a fork of a process that has imported everything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from headlapse.results import artifacts, atomic, checkpoints
from tests.crash.failing_disk import NoSync
from tests.crash.forks import FAILED, fast_folder, in_child, in_children
from tests.crash.oracle import command, contents, differences, is_kept, wrong_in
from tests.crash.tracing import Call, TracingError, traced, unflushed

KILL = "signal=KILL"
FAULTS = (KILL, "error=ENOSPC", "error=EIO")


@dataclass
class Figures:
    """What was tried; `lost` and `wrong` must stay empty."""

    calls: int = 0
    points: int = 0
    died: int = 0  # of the signal, in the call it was meant for
    failed: int = 0  # calls that were made to fail
    planted: dict[str, str] = field(default_factory=dict)  # what each planted bug was caught by
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Figures) -> None:
        for name in ("points", "died", "failed", "lost", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Layer:
    """An undisturbed run to compare with, and the trials."""

    def __init__(self, folder: Path, plant: Callable[[], None] = lambda: None) -> None:
        self._plant = plant
        self.golden = self._undisturbed(folder / "golden")
        results = folder / "counted" / "results"
        code, self.calls = traced(results, lambda: self._work(results))
        assert code == 0 and self.calls
        self.figures = Figures(len(self.calls), wrong=unflushed(self.calls))

    def _undisturbed(self, results: Path) -> dict[str, bytes]:
        """The files of a run, read here once: what reading imports, no child opens again, and calls keep their numbers."""
        assert in_child(lambda: self._work(results)) == 0
        golden = contents(results)
        assert not wrong_in(results, golden)
        return golden

    def _work(self, results: Path) -> None:
        self._plant()
        command(results)

    def trial(self, results: Path, fault: str, call: Call) -> None:
        """One fault, what is on the disk after it, and an undisturbed run that continues from there."""
        name = f"{fault} at {call.name} {call.number} ({', '.join(map(str, call.paths))})"
        inject = f"inject={call.name}:{fault}:when={call.number}"
        code, calls = traced(results, lambda: self._work(results), "-e", inject)
        self._check_hit(name, fault, call, code, calls)
        self._check_committed(name, results, calls)
        if wrong := wrong_in(results, self.golden):
            self.figures.wrong.append(f"{name}: {wrong}")
        code = in_child(lambda: self._work(results))
        if code != 0:
            self.figures.wrong.append(f"{name}: running it again ended with {code}")
        elif differing := differences(self.golden, contents(results)):
            self.figures.wrong.append(f"{name}: after running it again these differ: {', '.join(differing)}")
        shutil.rmtree(results.parent)
        self.figures.points += 1

    def _check_hit(self, name: str, fault: str, call: Call, code: int, calls: list[Call]) -> None:
        """The fault must have met the call it was meant for, and the process must have ended as it should."""
        met = [found for found in calls if found.is_injected or (fault == KILL and found.result is None)]
        allowed = (-signal.SIGKILL,) if fault == KILL else (0, FAILED)
        if [found.is_same(call) for found in met] != [True] or code not in allowed:
            self.figures.wrong.append(f"{name}: met {met} and ended with {code}")
        self.figures.died += code == -signal.SIGKILL
        self.figures.failed += fault != KILL and any(found.is_injected for found in met)

    def _check_committed(self, name: str, results: Path, calls: list[Call]) -> None:
        for path in committed(calls):
            file = results / path
            if not file.exists() or (is_kept(path) and file.read_bytes() != self.golden[str(path)]):
                self.figures.lost.append(f"{name}: {path.name}")

    def share(self, points: list[tuple[str, Call]], results: Path) -> dict[str, Any]:
        """The figures of `points` alone."""
        self.figures = Figures()
        for fault, call in points:
            self.trial(results, fault, call)
        return asdict(self.figures)


def committed(calls: list[Call]) -> set[Path]:
    """Files that were renamed to their name, and the folder flushed after that; no locks' notes, which are removed again."""
    renamed: set[Path] = set()
    safe: set[Path] = set()
    for call in calls:
        if call.result == 0 and call.name.startswith("rename"):
            renamed.add(call.paths[-1])
        if call.result == 0 and call.name == "fsync":
            safe |= {path for path in renamed if path.parent == call.paths[0]}
    return {path for path in safe if not path.name.endswith("owner.json")}


def run(stride: int, jobs: int) -> Figures:
    """Every fault at every `stride`th call, by `jobs` processes."""
    torch.set_num_threads(1)
    began = time.monotonic()
    with fast_folder() as folder:
        layer = Layer(folder)
        points = [(fault, call) for number, fault in enumerate(FAULTS) for call in layer.calls[number % stride :: stride]]
        shares = [(points[job::jobs], folder / f"trial{job}" / "results") for job in range(jobs)]
        for found in in_children(jobs, lambda job: layer.share(*shares[job]), folder):
            layer.figures.add(Figures(**found))
    layer.figures.seconds = round(time.monotonic() - began, 1)
    return layer.figures


def in_place(path: Path, content: bytes, for_good: bool = True) -> None:
    """Planted bug: a write that no other layer sees, into the file itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def plant_in_place() -> None:
    checkpoints.write_bytes = artifacts.write_bytes = in_place  # type: ignore[assignment, attr-defined]


def plant_no_fsync() -> None:
    atomic.disk = NoSync("", 0)


PLANTS = {"past-the-writer": plant_in_place, "no-fsync": plant_no_fsync}


def plant(name: str) -> str:
    """What is found first when a bug is planted."""
    with fast_folder() as folder:
        layer = Layer(folder, PLANTS[name])
        for call in [call for call in layer.calls if call.name == "write"]:
            if not layer.figures.lost + layer.figures.wrong:
                layer.trial(folder / "trial" / "results", KILL, call)
        return next(iter(layer.figures.lost + layer.figures.wrong), "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stride", type=int, default=1, help="try every n-th call")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes share the trials")
    parser.add_argument("--plant", action="store_true", help="also plant bugs and see that they are found")
    arguments = parser.parse_args()
    if shutil.which("strace") is None:
        print("skipped: there is no strace on the PATH; install Debian's package strace")
        return 0
    try:
        figures = run(arguments.stride, arguments.jobs)
        if arguments.plant:
            figures.planted = {name: plant(name) for name in PLANTS}
    except TracingError as error:
        print(f"skipped: strace may not trace here: {error}")
        return 0
    print(json.dumps(asdict(figures), indent=1))
    return 1 if figures.lost or figures.wrong or not all(figures.planted.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
