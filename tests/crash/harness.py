"""Kill a real training run at every operation on the disk, run it again, and compare with an undisturbed run.

Run as a program it tries every fault at every operation and prints the figures: `python -m tests.crash.harness`.
A child is forked per run, so this process keeps to one thread.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import torch

from headlapse.errors import HeadlapseError
from headlapse.results import atomic
from tests.crash.failing_disk import ERRORS, FAULTS, KILLED, PLANTS, FailingDisk, disturbed
from tests.crash.forks import FAILED, fast_folder, in_child
from tests.crash.oracle import command, contents, differences, is_kept, wrong_in


@dataclass
class Figures:
    """What the harness found; `lost` and `wrong` must stay empty."""

    operations: int = 0
    points: int = 0
    compound_points: int = 0
    planted: dict[str, str] = field(default_factory=dict)  # what each planted bug was caught by
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Harness:
    """An undisturbed run to compare with, and the trials."""

    def __init__(self, folder: Path, plant: str = "") -> None:
        self.folder, self.disk = folder, PLANTS[plant]
        self.figures = Figures()
        self.golden_results = folder / "golden"
        in_child(self._count)
        self.figures.operations = int((folder / "count").read_text())
        self.golden = contents(self.golden_results)

    def _count(self) -> None:
        atomic.disk = FailingDisk("kill before", 0)
        command(self.golden_results)
        (self.folder / "count").write_text(str(atomic.disk.count))

    def trial(self, fault: str, at: int, again: tuple[str, int] | None = None) -> None:
        """One fault at one operation, perhaps one more while recovering from it, then an undisturbed run."""
        results = self.folder / "trial"
        name = f"{fault} at {at}" + (f", then {again[0]} at {again[1]}" if again else "")
        for step in filter(None, [(fault, at), again]):
            disk = partial(self.disk, *step)
            code, committed = disturbed(lambda: command(results), self.folder / "committed", disk)
            self._check_code(name, step, code, may_be_over=step is again)
            self._check_committed(name, results, committed)
            if wrong := wrong_in(results, self.golden):
                self.figures.wrong.append(f"{name}: {wrong}")
        code = in_child(lambda: command(results))
        if code != 0:
            self.figures.wrong.append(f"{name}: running it again ended with {code}")
        elif differing := differences(self.golden, contents(results)):
            self.figures.wrong.append(f"{name}: after running it again these differ: {', '.join(differing)}")
        shutil.rmtree(results, ignore_errors=True)
        self.figures.compound_points += again is not None
        self.figures.points += again is None

    def _check_code(self, name: str, step: tuple[str, int], code: int, may_be_over: bool) -> None:
        """A kill must have killed; only a recovery may have been over before."""
        allowed = (0, FAILED) if step[0] in ERRORS else (KILLED, 0) if may_be_over else (KILLED,)
        if code not in allowed:
            self.figures.wrong.append(f"{name}: ended with {code}")

    def _check_committed(self, name: str, results: Path, committed: dict[Path, str]) -> None:
        """What was there for good is there; checkpoints and artifacts are never replaced by anything else."""
        for path, sha256 in committed.items():
            if path.name.endswith("owner.json"):
                continue
            if not path.exists() or (is_kept(path) and hashlib.sha256(path.read_bytes()).hexdigest() != sha256):
                self.figures.lost.append(f"{name}: {path.name}")


def run(
    plant: str = "", faults: Sequence[str] = FAULTS, stride: int = 1, compound_stride: int = 0, stop_at_first: bool = False
) -> Figures:
    """Every fault at every `stride`-th operation; where asked, a second one while recovering, at every `compound_stride`-th."""
    torch.set_num_threads(1)
    began = time.monotonic()
    with fast_folder() as folder:
        harness = Harness(folder, plant)
        for number, fault in enumerate(faults):
            for at in range(1 + 5 * number % stride, harness.figures.operations + 1, stride):
                harness.trial(fault, at)
                if stop_at_first and (harness.figures.lost or harness.figures.wrong):
                    return harness.figures
        if compound_stride:
            compound(harness, compound_stride)
        harness.figures.seconds = round(time.monotonic() - began, 1)
        return harness.figures


def compound(harness: Harness, stride: int) -> None:
    operations = harness.figures.operations
    for number, first in enumerate(("kill halfway", "ENOSPC for ever", "power cut, zeros")):
        for second in ("kill before", "EIO for ever", "EIO once"):
            for at in range(1 + number, operations + 1, stride):
                for later in range(1 + (at + number) % stride, operations // 2, stride):
                    harness.trial(first, at, (second, later))


def plant(name: str) -> str:
    """What the harness finds first when a bug is planted."""
    with tempfile.TemporaryDirectory() as folder:
        if torn := two_writers(Path(folder) / "file", PLANTS[name]):
            return torn
    figures = run(name, faults=("kill halfway", "power cut, zeros"), stride=3, stop_at_first=True)
    return next(iter(figures.lost + figures.wrong), "")


def two_writers(path: Path, disk: type[FailingDisk]) -> str:
    """What goes wrong where a second writer of `path` comes and goes while the first is halfway."""

    class Rival(disk):  # type: ignore[misc, valid-type]
        met = False

        def write(self, file: int, content: memoryview) -> int:
            if not self.met:
                self.met = True
                done = super().write(file, content[:5])
                atomic.write_bytes(path, b"second")
                return done
            return super().write(file, content)

    atomic.disk, usual = Rival("kill before", 0), atomic.disk
    try:
        atomic.write_bytes(path, b"the first")
    except HeadlapseError as error:
        return f"two writers: {error}"
    finally:
        atomic.disk = usual
    content = path.read_bytes()
    return "" if content in (b"the first", b"second") else f"two writers: the file holds {content!r}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stride", type=int, default=1, help="try every n-th operation")
    parser.add_argument("--compound-stride", type=int, default=0, help="second faults at every n-th operation of a recovery")
    parser.add_argument("--plant", action="store_true", help="also plant bugs and see that they are found")
    arguments = parser.parse_args()
    figures = run(stride=arguments.stride, compound_stride=arguments.compound_stride)
    if arguments.plant:
        figures.planted = {name: plant(name) for name in PLANTS if name}
    print(json.dumps(asdict(figures), indent=1))
    return 1 if figures.lost or figures.wrong or not all(figures.planted.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
