"""`python -m benchmarks sweeps`: the overhead of a sweep, beside the same runs by bare `headlapse train`.

Both train as many at once as there are CPUs, with one thread each. Processor time counts every process that was started, the
sweep's own and its trial before the first run included; on a loaded machine it says more than wall time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from headlapse.system.cpus import usable_cpus

RUNS, EPOCHS, MARK = 8, 2000, 1.10
SETTINGS = {"prime": 31, "train_fraction": 0.6, "epochs": EPOCHS, "checkpoint_every": EPOCHS // 10}
COMMAND = (sys.executable, "-m", "headlapse")
FAMILY = "modulo_addition_1layer"


def print_sweeps(rounds: int, epochs: int = EPOCHS) -> None:
    """Print wall and processor seconds of each way, and their ratios to the bare processes of the same round."""
    print(f"\n{RUNS} runs of p = 31, {epochs:,} epochs, on {usable_cpus()} cores, load {os.getloadavg()[0]:.1f} before")
    ways: dict[str, Callable[[Path], None]] = {
        "bare processes": partial(_bare, epochs),
        "local": partial(_swept, epochs, "local"),
    }
    if find_spec("ray") is not None:
        ways["ray"] = partial(_swept, epochs, "ray")
    for number in range(rounds):
        spent = {name: _spent(way) for name, way in ways.items()}
        for name, (wall, processor) in spent.items():
            first_wall, first_processor = spent["bare processes"]
            ratios = f"{wall / first_wall:5.2f}x wall, {processor / first_processor:5.2f}x processor time (mark {MARK:.2f}x)"
            print(f"  round {number + 1} {name:16} {wall:8.1f} s {processor:8.1f} s of processor  {ratios}", flush=True)


def _spent(way: Callable[[Path], None]) -> tuple[float, float]:
    """Seconds of wall and of processor time, of all processes that `way` starts and waits for."""
    with tempfile.TemporaryDirectory() as folder:
        before, began = os.times(), time.perf_counter()
        way(Path(folder))
        after, wall = os.times(), time.perf_counter() - began
    return wall, sum(after[2:4]) - sum(before[2:4])


def _bare(epochs: int, results: Path) -> None:
    def train(seed: int) -> None:
        given = {**SETTINGS, "epochs": epochs, "seed": seed, "threads": 1}
        options = [part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", str(value))]
        _run(*COMMAND, "train", FAMILY, *options, "--results", str(results))

    with ThreadPoolExecutor(usable_cpus()) as pool:
        list(pool.map(train, range(RUNS)))


def _swept(epochs: int, place: str, results: Path) -> None:
    given = [part for name, value in {**SETTINGS, "epochs": epochs}.items() for part in ("--set", f"{name}={value}")]
    grid = ("--grid", f"seed=0..{RUNS - 1}", "--threads", "1", "--on", place)
    _run(*COMMAND, "sweep", FAMILY, *grid, *given, "--results", str(results))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
