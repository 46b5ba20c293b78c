"""Kill a training run by SIGKILL at random moments, continue it, and compare with a run that was left alone.

Run as a program it prints the figures: `python -m tests.crash.resume --seeds 20 --kills 5`. Every run trains 200 epochs of
p = 7 in a forked child and is killed as soon as a random epoch is reached, wherever the process is then.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from headlapse.training.progress import Silent
from headlapse.workbench import Variant
from tests.crash.forks import in_child
from tests.crash.oracle import FAMILY

EPOCHS, EVERY = 200, 20
SIGKILLED = -signal.SIGKILL


@dataclass
class Figures:
    """What was tried and what came out different."""

    runs: int = 0
    kills: int = 0
    losses_compared: int = 0
    differing_losses: int = 0
    differing_weights: int = 0


class KillAt(Silent):
    """A progress display that ends the process by SIGKILL once `epoch` is reached."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        if epoch == self.epoch:
            os.kill(os.getpid(), signal.SIGKILL)


def variant_of(results: Path, seed: int) -> Variant:
    return FAMILY.variant(prime=7, seed=seed, train_fraction=0.6, results=results)


def train(results: Path, seed: int, kill_at: int = -1) -> int:
    """Exit code of a child that trains, and is killed at `kill_at`."""
    torch.set_num_threads(1)
    chosen = list(range(0, EPOCHS + 1, EVERY))
    return in_child(
        lambda: variant_of(results, seed).train(
            epochs=EPOCHS, checkpoint_epochs=chosen, analyze=False, progress=KillAt(kill_at)
        )  # type: ignore[arg-type, return-value]
    )


def compare(folder: Path, seed: int, kills: int, figures: Figures) -> None:
    """An undisturbed run and one that is killed `kills` times, each time further on."""
    alone, killed = folder / "alone", folder / "killed"
    assert train(alone, seed) == 0
    for epoch in sorted(random.Random(seed).sample(range(1, EPOCHS), kills)):
        code = train(killed, seed, epoch)
        assert code == SIGKILLED, f"seed {seed}: the run was to die at epoch {epoch} and ended with {code}"
        figures.kills += 1
    assert train(killed, seed) == 0
    one, other = variant_of(alone, seed), variant_of(killed, seed)
    for name in ("train", "test"):
        expected, found = ([loss.hex() for loss in getattr(run.losses, name).tolist()] for run in (one, other))
        figures.losses_compared += len(expected)
        figures.differing_losses += sum(left != right for left, right in zip(expected, found, strict=True))
    files = [*(f"checkpoint_epoch_{epoch:05d}.safetensors" for epoch in one.epochs), "training_state.safetensors"]
    figures.differing_weights += sum(_sha256(one, name) != _sha256(other, name) for name in files)
    figures.runs += 1
    shutil.rmtree(folder)


def _sha256(variant: Variant, name: str) -> str:
    (path,) = variant.paths.root.rglob(name)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(seeds: int, kills: int) -> Figures:
    """Figures over `seeds` seeds, each killed `kills` times."""
    figures = Figures()
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder) / "seed", seed, kills, figures)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--kills", type=int, default=5)
    figures = run(**vars(parser.parse_args()))
    print(json.dumps(asdict(figures), indent=1))
    return 1 if figures.differing_losses or figures.differing_weights else 0


if __name__ == "__main__":
    sys.exit(main())
