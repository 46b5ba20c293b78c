"""Kill a worker, the driver, a Ray worker, a Ray driver, or a node of a cluster at random moments of a sweep; then compare.

`python -m tests.crash.sweeps --kills 10` prints the figures. After each kill the sweep goes on, by itself or by the same
command; in the end checkpoints, artifacts, losses and training states must be, byte for byte, those of a sweep that nobody
disturbed. What runs on Ray is left out where Ray is not installed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.sweep.runs import command, content, epoch_of, owner_pid, swept, write_family
from tests.waiting import SECONDS, running, until

EPOCHS, EVERY, SEEDS = 600, 50, 2
GRID = ("--grid", f"seed=0..{SEEDS - 1}")
SECONDS_TO_END = 10.0  # within which what a lost driver had started must have ended, on an idle machine


class Trial:
    """A sweep, killed once when the run of a random seed is past a random epoch."""

    def __init__(self, kind: str, families: Path, folder: Path, chance: random.Random) -> None:
        self.kind, self._folder = kind, folder
        self._seed, self._epoch = chance.randrange(SEEDS), chance.randrange(EVERY, EPOCHS - EVERY)
        self.results = folder / "results"
        self._families = families
        self.seconds_to_end = 0.0

    def run(self) -> None:
        with self._cluster() as cluster:
            on, environment = self._place(cluster)
            sweeping = command(self._families, self.results, *GRID, *on, epochs=EPOCHS, every=EVERY)
            pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": environment}
            with running(sweeping, **pipes) as sweep:
                until(lambda: epoch_of(self.results, self._seed) >= self._epoch or sweep.poll() is not None)
                self._kill(sweep, cluster)
                said, _ = sweep.communicate(timeout=SECONDS)
            if sweep.returncode != 0:
                assert self.kind.endswith("driver"), said
                ended = subprocess.run(sweeping, check=False, **pipes)
                assert ended.returncode == 0, ended.stdout

    def _cluster(self) -> Any:
        if self.kind in ("node", "ray driver"):
            from tests.sweep.ray_cluster import ray_cluster

            return ray_cluster(self._folder, nodes=2)
        return nullcontext()

    def _place(self, cluster: Any) -> tuple[list[str], Mapping[str, str]]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
        if cluster is None:
            return (["--on", "ray"] if self.kind == "ray worker" else []), clean
        from tests.sweep.ray_cluster import TOKEN

        return ["--on", "ray", "--address", cluster.address], {**clean, **TOKEN}

    def _kill(self, sweep: subprocess.Popen[str], cluster: Any) -> None:
        """The worker of some run that is under way, its node, or the driver."""
        owners = [pid for pid in (owner_pid(self.results, seed) for seed in range(SEEDS)) if pid is not None]
        if not owners:
            return
        victim = sweep.pid if self.kind.endswith("driver") else owners[0]
        os.kill(cluster.node_of(victim) if self.kind == "node" else victim, signal.SIGKILL)
        if self.kind.endswith("driver"):
            began = time.monotonic()
            until(lambda: not any(_is_alive(pid) for pid in owners))
            self.seconds_to_end = time.monotonic() - began


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def undisturbed(folder: Path) -> Iterator[tuple[Path, Mapping[str, bytes]]]:
    families = write_family(folder / "families")
    ended = swept(families, folder / "undisturbed", *GRID, epochs=EPOCHS, every=EVERY)
    assert ended.returncode == 0, ended.stderr
    yield families, content(folder / "undisturbed")


def run(kinds: list[str], kills: int, say: Callable[[str], object] = lambda _: None) -> Counter[str]:
    figures: Counter[str] = Counter({"files that differ": 0})
    with tempfile.TemporaryDirectory() as name, undisturbed(Path(name)) as (families, golden):
        for kind in kinds:
            for number in range(kills):
                folder = Path(name) / f"{kind} {number}".replace(" ", "_")
                folder.mkdir()
                trial = Trial(kind, families, folder, random.Random(f"{kind} {number}"))
                trial.run()
                differing = len(set(golden.items()) ^ set(content(trial.results).items()))
                figures += Counter({kind: 1, "files compared": len(golden), "files that differ": differing})
                figures["runs outlived their driver too long"] += trial.seconds_to_end > SECONDS_TO_END
                say(f"{kind} {number}: {differing} files differ, ended {trial.seconds_to_end:.1f} s after the driver")
    return figures


def kinds_here() -> list[str]:
    has_ray = find_spec("ray") is not None and find_spec("psutil") is not None
    return ["worker", "driver", *(["ray worker", "ray driver", "node"] if has_ray else [])]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--kinds", nargs="*", default=kinds_here())
    given = parser.parse_args()
    figures = run(given.kinds, given.kills, lambda text: print(text, file=sys.stderr, flush=True))
    print(json.dumps(figures, indent=1))
    return 1 if figures["files that differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
