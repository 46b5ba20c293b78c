"""Writers replace the same files while readers read them: a reader sees the old content or the new, never a mixture.

Run as a program it prints the figures: `python -m tests.crash.concurrency --seconds 60`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from headlapse.errors import HeadlapseError
from headlapse.results.artifacts import Provenance, read_artifact, write_artifact
from headlapse.results.checkpoints import read_checkpoint, write_checkpoint
from headlapse.results.headers import Identity
from headlapse.storage.atomic import read_json, temporaries, write_json

WRITERS = READERS = 4
IDENTITY = Identity("family", "variant", 100)
CELLS = 20_000
FEWEST = 15  # files that each process writes or reads, however slow the machine is


def write(folder: Path, number: int) -> None:
    """Replace every file by one in which every number is `number`."""
    array = np.full(CELLS + number, number, dtype=np.float32)
    provenance = Provenance("family", "variant", 100, "analyzer", 1, f"{number:064x}", "0" * 64)
    write_artifact(folder / "epoch_00100.npz", {"patterns": array}, provenance)
    write_checkpoint(folder / "checkpoint_epoch_00100.safetensors", {"W": array}, IDENTITY)
    write_json(folder / "status.json", {"epoch": number, "losses": [number] * (100 + number)})


def numbers_read(folder: Path) -> list[set[float]]:
    """The distinct numbers in each file; one number where the file is whole."""
    artifact = read_artifact(folder / "epoch_00100.npz", {"analyzer": "analyzer"})["patterns"]
    weights = read_checkpoint(folder / "checkpoint_epoch_00100.safetensors", IDENTITY).weights["W"]
    status = read_json(folder / "status.json", "")
    whole = [len(artifact) == CELLS + artifact[0], len(weights) == CELLS + weights[0]]
    assert all(whole), "a size of one writer with the numbers of another"
    return [set(np.unique(artifact)), set(np.unique(weights)), {status["epoch"], *status["losses"]}]


def work(folder: Path, seconds: float, number: int) -> Counter[str]:
    """What one process did in that time, and in a few rounds at least: writer below `WRITERS`, reader above."""
    done: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end or done.total() < FEWEST:
        try:
            if number < WRITERS:
                write(folder, number)
                done["writes"] += 3
            else:
                done["bad reads"] += sum(len(numbers) != 1 for numbers in numbers_read(folder))
                done["reads"] += 3
        except (HeadlapseError, AssertionError) as error:
            done["errors"] += 1
            print(error, file=sys.stderr, flush=True)
    return done


def run(seconds: float) -> Counter[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, 0)
        children = {os.fork() or _child(folder, seconds, number): number for number in range(WRITERS + READERS)}
        figures = Counter({"reads": 0, "writes": 0, "bad reads": 0, "errors": 0})
        for child, number in children.items():
            _, status = os.waitpid(child, 0)
            figures["errors"] += status != 0
            figures.update(json.loads((folder / f"done{number}").read_text()))
        figures["temporaries left"] = len(temporaries(folder))
        return figures


def _child(folder: Path, seconds: float, number: int) -> int:
    (folder / f"done{number}").write_text(json.dumps(work(folder, seconds, number)))
    os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    figures = run(parser.parse_args().seconds)
    print(json.dumps(figures, indent=1))
    return 1 if figures["bad reads"] or figures["errors"] or figures["temporaries left"] else 0


if __name__ == "__main__":
    sys.exit(main())
