"""Kill a real `headlapse train` at the Nth system call on its files, or make that call fail: the layer below Python.

Needs `strace`. `python -m tests.crash.syscalls --stride 7` prints the figures. Only calls on the results folder count.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.crash.harness import contents, differences

CALLS = "write,ftruncate,fsync,rename,renameat2,unlink,mkdir"
_CALL = re.compile(r"(\d+) +(\w+)\(")
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
TRAIN = """
import sys
from pathlib import Path
from tests.crash.harness import command
from headlapse.errors import HeadlapseError
try:
    command(Path(sys.argv[1]))
except HeadlapseError:
    sys.exit(1)
"""


@dataclass
class Figures:
    """What was tried and what came out wrong."""

    calls: int = 0
    points: int = 0
    died: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Call:
    """The `number`th call of `name` in its thread."""

    name: str
    number: int


def traced(results: Path, *options: str) -> tuple[int, list[Call]]:
    """Exit code of a training under strace, and the calls on files under `results`."""
    log = results.parent / "strace.log"
    program = [sys.executable, "-c", TRAIN, str(results)]
    done = subprocess.run(
        ["strace", "-f", "-y", "-o", str(log), "-e", f"trace={CALLS}", *options, *program],
        capture_output=True,
        timeout=300,
        check=False,
    )
    return done.returncode, calls_on(results, log.read_text(errors="replace").splitlines())


def calls_on(results: Path, lines: list[str]) -> list[Call]:
    """strace counts each call by its name and thread, and so do we."""
    counts: Counter[tuple[str, str]] = Counter()
    found = []
    for line in lines:
        if match := _CALL.match(line):
            counts[match.groups()] += 1
            if str(results) in line:
                found.append(Call(match[2], counts[match.groups()]))
    return found


def run(stride: int) -> Figures:
    """Every fault at every `stride`th call."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        code, calls = traced(Path(name) / "golden")
        assert code == 0 and calls
        expected = contents(Path(name) / "golden")
        figures.calls = len(calls)
        for number, fault in enumerate(FAULTS):
            for call in calls[number::stride]:
                _try(Path(name) / "trial", fault, call, expected, figures)
    return figures


def _try(results: Path, fault: str, call: Call, expected: dict[str, bytes], figures: Figures) -> None:
    code, _ = traced(results, "-e", f"inject={call.name}:{fault}:when={call.number}")
    figures.points += 1
    killed = code in (137, -9)
    figures.died += killed
    name = f"{fault} at {call.name} {call.number}"
    if fault == "signal=KILL" and not killed:
        figures.wrong.append(f"{name}: the process was to die and ended with {code}")
    done = subprocess.run([sys.executable, "-c", TRAIN, str(results)], check=False, timeout=300)
    if done.returncode:
        figures.wrong.append(f"{name}: running it again ended with {done.returncode}")
    elif differing := differences(expected, contents(results)):
        figures.wrong.append(f"{name}: after running it again these differ: {', '.join(differing)}")
    shutil.rmtree(results, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stride", type=int, default=7)
    if shutil.which("strace") is None:
        print("skipped: there is no strace on the PATH; install Debian's package strace")
        return 0
    figures = run(parser.parse_args().stride)
    print(json.dumps(asdict(figures), indent=1))
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
