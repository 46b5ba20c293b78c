"""Eight processes on two hosts train one run in turn, on a disk whose locks exclude nobody, and are killed and paused.

`python -m tests.crash.leases --handovers 1000` prints the figures. Each process trains for some epochs, then gives the run back
or is killed. On the way it may be killed at any operation on the disk, or stop there, right after it looked at its lease and
before it changes anything, for longer than the time-out, so that the other host takes the run over. One more process reads all
the time. What it reads, and what is there in the end, must be what a run that nobody disturbed has, to the byte.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import torch

from headlapse.errors import BusyError, FileStateError
from headlapse.storage import atomic, claims, lease
from headlapse.storage.atomic import temporaries
from headlapse.storage.filesystem import Disk
from headlapse.storage.lock import is_locked, locked
from headlapse.system import processes
from headlapse.training.progress import Silent
from headlapse.workbench import Variant
from tests.crash.forks import fast_folder, forked
from tests.crash.oracle import FAMILY

PROCESSES, HOSTS = 8, 2
EPOCHS, EVERY, TENURE = 600, 10, 12
SECONDS_UNTIL_DEAD = 0.3
PAUSES = KILLS = 0.006  # share of the operations on the disk at which a process stops, or is killed
KILLED_IN_THE_END = 0.3  # share of those that were not killed before
CONTENT = ("checkpoints/*.safetensors", "artifacts/*/*.npz", "losses.f64", "training_state.safetensors")


class StoppingDisk(Disk):
    """Stops or kills its process now and then, right before it changes something: after it looked whether it may."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def _disturb(self) -> None:
        drawn = self._chance.random()
        if drawn < PAUSES + KILLS:
            os.kill(os.getpid(), signal.SIGSTOP if drawn < PAUSES else signal.SIGKILL)

    def replace(self, source: Path, target: Path) -> None:
        self._disturb()
        super().replace(source, target)

    def truncate(self, file: int, size: int) -> None:
        self._disturb()
        super().truncate(file, size)

    def write(self, file: int, content: memoryview) -> int:
        self._disturb()
        return super().write(file, content)

    def create(self, path: Path) -> int:
        self._disturb()
        return super().create(path)


class Tenure(Silent):
    """Ends the training after some epochs, in order or by a kill."""

    def __init__(self, epochs: int, ending: int = signal.SIGTERM, turns: Path | None = None) -> None:
        self._left, self._ending, self._turns = epochs, ending, turns

    def start(self, epoch: int, epochs: int) -> None:
        """Count the turn."""
        if self._turns is not None:
            file = os.open(self._turns, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(file, b".")
            os.close(file)

    def advance(self, epoch: int, train_loss: float, test_loss: float) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._ending)


def variant_in(results: Path, seed: int) -> Variant:
    return FAMILY.variant(prime=5, seed=seed, train_fraction=0.6, results=results)


def train(variant: Variant, epochs: int, tenure: Tenure) -> None:
    variant.train(epochs, checkpoint_epochs=range(0, epochs + 1, EVERY), threads=1, progress=tenure)


def take_turns(results: Path, seed: int, epochs: int, number: int, luck: int) -> None:
    """Train in turn with the others until the run is done."""
    claims.SECONDS_UNTIL_DEAD = SECONDS_UNTIL_DEAD
    processes.host = lambda: f"host{number % HOSTS}"
    fcntl.flock = lambda *_: None  # type: ignore[assignment]
    chance = random.Random(luck)
    atomic.disk = StoppingDisk(chance)
    variant = variant_in(results, seed)
    while not (results / "done").exists():
        try:
            ending = signal.SIGKILL if chance.random() < KILLED_IN_THE_END else signal.SIGTERM
            train(variant, epochs, Tenure(chance.randrange(1, TENURE), ending, results / "turns"))
            (results / "done").touch()
        except (BusyError, SystemExit):  # a lost lease is one, too
            time.sleep(0.02)
        except Exception:
            traceback.print_exc()
            raise


def read_all(results: Path, seed: int, golden: dict[str, bytes]) -> None:
    """Read until the run is done; ends with 3 where something is not what an undisturbed run has."""
    variant, wrong, rounds = variant_in(results, seed), [], 0
    while not (results / "done").exists() and not wrong:
        wrong, rounds = unlike(variant, golden), rounds + 1
        time.sleep(0.01)
    (results / "read").write_text(str(rounds))
    if wrong:
        print(f"seed {seed}: {wrong[0]}", file=sys.stderr, flush=True)
        raise SystemExit(3)


def unlike(variant: Variant, golden: dict[str, bytes]) -> list[str]:
    """What a reader finds that is not so in the undisturbed run. The state goes back to earlier epochs, and is only read."""
    wrong = []
    for name, found in content(variant).items():
        whole = golden.get(name, b"")
        is_right = whole.startswith(found) if name == "losses.f64" else found == whole
        if not is_right and name != "training_state.safetensors" and not name.endswith("all_epochs.npz"):
            wrong.append(f"{name} differs")
    try:
        variant.losses, variant.training_state  # noqa: B018 -- read, and compared with what they say of themselves
    except FileStateError as error:
        if error.state != "missing":
            wrong.append(str(error))
    return wrong


def content(variant: Variant) -> dict[str, bytes]:
    root, found = variant.paths.root, {}
    for path in (path for pattern in CONTENT for path in root.glob(pattern)):
        with suppress(FileNotFoundError):
            found[str(path.relative_to(root))] = path.read_bytes()
    return found


class Disturber:
    """Starts others in the place of processes that were killed, and wakes those that stopped."""

    def __init__(self, results: Path, seed: int, epochs: int, figures: Counter[str]) -> None:
        self._results, self._seed, self._epochs, self._figures = results, seed, epochs, figures
        self._chance = random.Random(seed)
        self._children = {self._start(number): number for number in range(PROCESSES)}
        self._wakes: dict[int, float] = {}

    def _start(self, number: int) -> int:
        luck = self._chance.randrange(2**32)
        return forked(partial(take_turns, self._results, self._seed, self._epochs, number, luck))

    def run(self) -> None:
        while self._children:
            self._reap()
            self._wake()
            time.sleep(0.005)

    def _reap(self) -> None:
        for pid, number in list(self._children.items()):
            ended, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if ended and os.WIFSTOPPED(status):
                self._figures["pauses"] += 1
                self._wakes[pid] = time.monotonic() + self._chance.uniform(0, 3 * SECONDS_UNTIL_DEAD)
            elif ended:
                del self._children[pid]
                self._wakes.pop(pid, None)
                if os.WIFSIGNALED(status):
                    self._figures["kills"] += 1
                    self._children[self._start(number)] = number
                self._figures["ended with an error"] += os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0

    def _wake(self) -> None:
        for pid in [pid for pid, moment in self._wakes.items() if moment <= time.monotonic()]:
            del self._wakes[pid]
            os.kill(pid, signal.SIGCONT)


@contextmanager
def reading(results: Path, seed: int, golden: dict[str, bytes], figures: Counter[str]) -> Iterator[None]:
    reader = forked(partial(read_all, results, seed, golden))
    yield
    figures["bad reads"] += os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]) != 0
    figures["rounds of reading"] += int((results / "read").read_text())


def disturb(folder: Path, seed: int, epochs: int, figures: Counter[str]) -> None:
    """One run, in turns, against one that is left alone."""
    torch.set_num_threads(1)
    alone, disturbed = variant_in(folder / "alone", seed), variant_in(folder / "disturbed", seed)
    train(alone, epochs, Tenure(0))
    golden = content(alone)
    disturbed.paths.root.mkdir(parents=True)
    with reading(disturbed.results, seed, golden, figures):
        Disturber(disturbed.results, seed, epochs, figures).run()
    figures["hand-overs"] += len((disturbed.results / "turns").read_bytes()) - 1
    with locked(disturbed.paths.lock, "look"):
        figures["files compared"] += len(golden)
        figures["files that differ"] += len(set(golden.items()) ^ set(content(disturbed).items()))
        figures["temporaries left"] += len(temporaries(disturbed.paths.root))
    figures["locked in the end"] += is_locked(disturbed.paths.lock) or lease.lease_of(disturbed.paths.lock).exists()


def run(handovers: int, epochs: int = EPOCHS) -> Counter[str]:
    """Figures over so many runs that there are `handovers` of them."""
    figures: Counter[str] = Counter({"hand-overs": 0, "kills": 0, "pauses": 0, "bad reads": 0, "files that differ": 0})
    while figures["hand-overs"] < handovers:
        figures["runs"] += 1
        with fast_folder() as folder:
            disturb(folder, figures["runs"], epochs, figures)
        print(f"after {figures['runs']} runs: {json.dumps(figures)}", file=sys.stderr, flush=True)
    return figures


def is_bad(figures: Counter[str]) -> bool:
    """Whether a reader saw something else, the end differs, or a process ended with an error."""
    wrong = ("bad reads", "files that differ", "temporaries left", "locked in the end", "ended with an error")
    return any(figures[name] for name in wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--handovers", type=int, default=1_000)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of each run")
    given = parser.parse_args()
    figures = run(given.handovers, given.epochs)
    print(json.dumps(figures, indent=1))
    return 1 if is_bad(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
