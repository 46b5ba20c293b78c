"""`python -m benchmarks sharing`: the time of a training beside other work. Whole processes of `headlapse train`, in turns.

*Before* is the same command with torch's default waiting and threads. A ratio compares measurements of one
round, which are close in time; the median of the rounds is printed. Two runs share each core fairly at 2, as do a run and a
busy process. Processor time is printed too: on a loaded machine it says more than wall time about what spinning costs.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headlapse.system.cpus import usable_cpus
from headlapse.system.openmp import CHOICES

EPOCHS = {31: 400, 113: 120}  # by p
SLOWER_ALONE = {31: 1.10, 113: 1.05}  # at most, than before
TWO_AT_ONCE, BESIDE_BUSY = 2.0, 3.0  # at most, than alone
BEFORE, ALONE, TWO, BUSY = "before, alone", "alone", "two at once", "beside busy ones"
NEVER_WAITS = "while True: pass"
SPINS_OF_LIBGOMP = 300_000  # source: gomp_spin_count_var in libgomp's env.c
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Spent:
    """Seconds of wall and of processor time (user and system)."""

    wall: float
    processor: float

    def __truediv__(self, other: Spent) -> Spent:
        return Spent(self.wall / other.wall, self.processor / other.processor)


def print_sharing(rounds: int) -> None:
    """Print for each p the seconds of every situation, and the ratios beside their marks."""
    print(f"\ntraining beside other work, {rounds} rounds on {usable_cpus()} cores, load {os.getloadavg()[0]:.1f} before")
    for p, epochs in EPOCHS.items():
        measured = [_round(p) for _ in range(rounds)]
        title = f"p = {p}, {epochs} epochs"
        print(f"  {title:22} {'wall s':>9} {'processor s':>12} {'ratio':>9} {'mark':>7}   of processor time")
        _print_row(BEFORE, [each[BEFORE] for each in measured])
        for name, than, mark in ((ALONE, BEFORE, SLOWER_ALONE[p]), (TWO, ALONE, TWO_AT_ONCE), (BUSY, ALONE, BESIDE_BUSY)):
            _print_row(name, [each[name] for each in measured], [each[name] / each[than] for each in measured], mark)


def _round(p: int) -> dict[str, Spent]:
    """The same training in four situations, one after the other."""
    users = {name: value for name, value in os.environ.items() if name not in CHOICES and name not in THREADS}
    torchs = {"GOMP_SPINCOUNT": str(SPINS_OF_LIBGOMP), "OMP_NUM_THREADS": str(usable_cpus())}
    spent = {BEFORE: _train(p, users | torchs), ALONE: _train(p, users), TWO: _train(p, users, at_once=2)}
    with _busy_processes():
        return {**spent, BUSY: _train(p, users)}


def _print_row(name: str, spent: list[Spent], ratios: Sequence[Spent] = (), mark: float = math.nan) -> None:
    times = _median(spent)
    line = f"    {name:20} {times.wall:9.1f} {times.processor:12.1f}"
    if ratios:
        ratio = _median(ratios)
        line += f" {ratio.wall:8.2f}x {mark:6.2f}x {ratio.processor:8.2f}x   {'met' if ratio.wall <= mark else 'MISSED'}"
    print(line, flush=True)


def _median(spent: Sequence[Spent]) -> Spent:
    return Spent(*(statistics.median(values) for values in zip(*((each.wall, each.processor) for each in spent), strict=True)))


def _train(p: int, environment: Mapping[str, str], at_once: int = 1) -> Spent:
    """Until the last of `at_once` equal trainings that begin together has ended. The processor time is that of all of them."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        processes = [_started(p, Path(folder) / str(number), environment) for number in range(at_once)]
        try:
            processor = sum(_processor_time(process) for process in processes)
            return Spent(time.perf_counter() - began, processor)
        finally:
            for process in processes:
                process.kill()  # those that have not ended, where one failed or somebody asked to stop


def _processor_time(process: subprocess.Popen[bytes]) -> float:
    """Seconds of user and system time of a process, once it has ended well."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return usage.ru_utime + usage.ru_stime


def _started(p: int, results: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    epochs = str(EPOCHS[p])
    options = ["--prime", str(p), "--epochs", epochs, "--checkpoint-every", epochs, "--no-analyze", "--results", str(results)]
    command = [sys.executable, "-m", "headlapse", "train", "modulo_addition_1layer", *options]
    return subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def _busy_processes() -> Iterator[None]:
    """A process on each core that never waits."""
    processes = [subprocess.Popen([sys.executable, "-c", NEVER_WAITS]) for _ in range(usable_cpus())]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
