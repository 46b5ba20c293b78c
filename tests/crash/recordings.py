"""Kill a recorded training by SIGKILL at random operations on the disk, restart it from its own checkpoint, and compare.

Run as a program it prints the figures: `python -m tests.crash.recordings`. The training is somebody else's loop: it keeps
a state of its own every five steps, and after a kill goes on from the newest, so that steps are done again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch._dynamo

import headlapse
import headlapse.analysis.pipeline
from headlapse.results.integrity import inspect
from headlapse.results.recorded import RecordedRun
from headlapse.storage import atomic
from headlapse.storage.filesystem import Disk
from tests.crash.forks import fast_folder, in_child
from tests.recording.models import POSITIONS, TOKENS, transformer

STEPS, EVERY, OWN = 60, 3, 5
SIGKILLED = -signal.SIGKILL


@dataclass
class Figures:
    """What was tried and what came out different."""

    kills: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class DeadlyDisk(Disk):
    """Ends the process by SIGKILL at operation `at`: before it, after it, or half-way through a write."""

    def __init__(self, at: int, how: str) -> None:
        self.at, self.how, self.done = at, how, 0

    def __getattribute__(self, name: str) -> Any:
        operation = super().__getattribute__(name)
        if name.startswith("_") or name in ("at", "how", "done", "run"):
            return operation
        return partial(self.run, name, operation)

    def run(self, name: str, operation: Any, *arguments: Any) -> Any:
        self.done += 1
        if self.done == self.at and self.how != "after":
            if self.how == "half" and name == "write":
                operation(arguments[0], arguments[1][: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        result = operation(*arguments)
        if self.done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def train(folder: Path, disk: Disk | None = None) -> None:
    """Train to the end, from the newest own state on."""
    torch.set_num_threads(1)
    kind = transformer("by hand")
    optimizer = torch.optim.AdamW(kind.model.parameters(), lr=1e-2)
    torch.manual_seed(0)
    first = _restore(folder / "own.pt", kind.model, optimizer)
    if disk is not None:
        atomic.disk = disk
    with headlapse.record(
        kind.model, "run", kind.probe, results=folder, schedule=EVERY, checkpoints=True, resume=True
    ) as recorder:
        for step in range(first, STEPS):
            batch = torch.randint(TOKENS, (4, POSITIONS))
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(kind.model(batch).flatten(0, 1), batch.flatten())
            loss.backward()
            optimizer.step()
            recorder.step(step, train_loss=loss, test_loss=loss.item() / 3, **{"a name": step})
            if (step + 1) % OWN == 0:
                _keep(folder / "own.pt", kind.model, optimizer, step + 1)


def _keep(path: Path, model: Any, optimizer: Any, step: int) -> None:
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "rng": torch.get_rng_state(), "step": step}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _restore(path: Path, model: Any, optimizer: Any) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    return int(state["step"])


def opened(folder: Path) -> RecordedRun:
    return RecordedRun.open(folder / "recorded" / "run")


def differences(run: RecordedRun, golden: RecordedRun, whole: bool) -> list[str]:
    """Where what is there is not that of the undisturbed run; with `whole`, also what is missing."""
    wrong = [f"{path.name} differs" for path in _files(run) if path.read_bytes() != _twin(path, run, golden).read_bytes()]
    for name, series in golden.scalars.items():
        found = run.scalars.get(name)
        pairs = {} if found is None else dict(zip(found.epochs.tolist(), found.values.tolist(), strict=True))
        expected = dict(zip(series.epochs.tolist(), series.values.tolist(), strict=True))
        if not pairs.items() <= expected.items() or (whole and pairs != expected):
            wrong.append(f"{name} differs")
    if whole and [path.name for path in _files(run)] != [path.name for path in _files(golden)]:
        wrong.append("some files are missing")
    return wrong


def _files(run: RecordedRun) -> list[Path]:
    paths = run.paths
    patterns = [paths.artifacts.file("attention_patterns", epoch) for epoch in paths.artifacts.epochs("attention_patterns")]
    return patterns + [paths.checkpoint(epoch) for epoch in paths.epochs()]


def _twin(path: Path, run: RecordedRun, golden: RecordedRun) -> Path:
    return golden.paths.root / path.relative_to(run.paths.root)


def committed(run: RecordedRun) -> dict[str, list[int]]:
    """Epochs by the name of a scalar or kind of file."""
    scalars = {name: series.epochs.tolist() for name, series in run.scalars.items()}
    return scalars | {"patterns": run.paths.artifacts.epochs("attention_patterns"), "weights": run.checkpoint_epochs}


def one_kill(folder: Path, golden: RecordedRun, figures: Figures, chance: random.Random, before: dict[str, list[int]]) -> dict:
    disk = DeadlyDisk(chance.randrange(15, 60), chance.choice(["before", "half", "after"]))
    code = in_child(lambda: train(folder, disk))
    if code != SIGKILLED:
        figures.wrong.append(f"was to die at {disk.at} {disk.how} and ended with {code}")
        return before
    figures.kills += 1
    run = opened(folder)
    figures.wrong += differences(run, golden, whole=False)
    figures.wrong += [str(finding) for finding in inspect(run) if finding.state not in ("leftover", "missing")]
    kept = torch.load(folder / "own.pt", weights_only=True)["step"] if (folder / "own.pt").exists() else 0
    now = committed(run)
    for name, epochs in before.items():  # what was there before, up to the step from which it went on, is there still
        figures.lost += [f"{name} of {epoch}" for epoch in epochs if epoch < kept and epoch not in now.get(name, [])]
    return now


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    figures, chance = Figures(), random.Random(chosen.seed)
    with fast_folder() as folder:
        assert in_child(lambda: train(folder / "alone")) == 0
        golden = opened(folder / "alone")
        before: dict[str, list[int]] = {}
        (folder / "killed").mkdir()
        for _ in range(chosen.kills):
            before = one_kill(folder / "killed", golden, figures, chance, before)
        assert in_child(lambda: train(folder / "killed")) == 0
        figures.wrong += differences(opened(folder / "killed"), golden, whole=True)
        figures.wrong += [str(finding) for finding in inspect(opened(folder / "killed"))]
        lock_ins = [run.artifacts.load_run("attention_lock_in") for run in (opened(folder / "killed"), golden)]
        figures.wrong += [
            name for name in lock_ins[1] if not np.array_equal(lock_ins[0][name], lock_ins[1][name], equal_nan=True)
        ]
    print(json.dumps(asdict(figures)))
    return 1 if figures.lost or figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
