"""Kill a real training run at every operation on the disk, run it again, and compare with an undisturbed run.

Run as a program it tries every fault at every operation and prints the figures: `python -m tests.crash.harness`.
A child is forked per run, so this process keeps to one thread.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
import torch._dynamo  # imported here once, as the next ones, and not in every child

import headlapse
import headlapse.analysis.capture
import headlapse.training
from headlapse.errors import FileStateError, HeadlapseError
from headlapse.families import ModelFamily
from headlapse.families.spec import parse_family_spec
from headlapse.results import Variant, atomic
from headlapse.results.artifacts import ArtifactLoader
from headlapse.training.progress import Silent
from tests.crash.failing_disk import ERRORS, FAULTS, KILLED, PLANTS, FailingDisk

EPOCHS, CHECKPOINTS = 4, (0, 2, 4)
FAILED = 1
RECORD_BYTES = 24
MEMORY = Path("/dev/shm")


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


def small_family() -> ModelFamily:
    packaged = headlapse.load_family("modulo_addition_1layer")
    content = json.loads(packaged.path.read_text())
    content["architecture"] |= {"n_heads": 2, "d_model": 8, "d_head": 4, "d_mlp": 8}
    return ModelFamily(parse_family_spec(content, packaged.path), packaged.path)


FAMILY = small_family()


def variant_in(results: Path) -> Variant:
    return FAMILY.variant(prime=5, train_fraction=0.6, results=results)


def command(results: Path) -> None:
    """What is killed and run again: training with analysis."""
    variant_in(results).train(epochs=EPOCHS, checkpoint_epochs=CHECKPOINTS, progress=Silent())


def in_child(work: Callable[[], None]) -> int:
    """Exit code of `work` in a fork: 0, `FAILED` for an error made on purpose, 70 for any other, or that of `os._exit`."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except HeadlapseError:
            os._exit(FAILED)
        except BaseException as error:
            print(f"unexpected {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


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
            code, committed = self._disturbed(results, *step)
            self._check_code(name, step, code, may_be_over=step is again)
            self._check_committed(name, results, committed)
            self._check_readable(name, results)
        code = in_child(lambda: command(results))
        if code != 0:
            self.figures.wrong.append(f"{name}: running it again ended with {code}")
        elif differing := differences(self.golden, contents(results)):
            self.figures.wrong.append(f"{name}: after running it again these differ: {', '.join(differing)}")
        shutil.rmtree(results, ignore_errors=True)
        self.figures.compound_points += again is not None
        self.figures.points += again is None

    def _disturbed(self, results: Path, fault: str, at: int) -> tuple[int, dict[Path, str]]:
        log = self.folder / "committed"
        log.write_text("")

        def work() -> None:
            file = os.open(log, os.O_WRONLY | os.O_APPEND)
            atomic.disk = self.disk(fault, at, lambda path, sha256: os.write(file, f"{sha256} {path}\n".encode()))
            command(results)

        code = in_child(work)
        return code, {Path(line[65:]): line[:64] for line in log.read_text().splitlines()}

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
            kept = path.suffix == ".npz" or path.parent.name == "checkpoints"
            if not path.exists() or (kept and hashlib.sha256(path.read_bytes()).hexdigest() != sha256):
                self.figures.lost.append(f"{name}: {path.name}")

    def _check_readable(self, name: str, results: Path) -> None:
        variant = variant_in(results)
        try:
            right = _read_everything(variant, self.golden)
        except FileStateError as error:
            right = str(error)
        if right:
            self.figures.wrong.append(f"{name}: {right}")


def _read_everything(variant: Variant, golden: dict[str, bytes]) -> str:
    """What a reader would see wrong, or nothing."""
    for path in (variant.paths.config, variant.paths.metadata, variant.paths.status):
        if path.exists():
            atomic.read_json(path, "")
    for epoch in variant.epochs:
        variant.checkpoint(epoch)
        if variant.paths.checkpoint(epoch).read_bytes() != _golden_of(golden, variant.paths.checkpoint(epoch)):
            return f"checkpoint {epoch} differs"
    loader = ArtifactLoader(variant.artifacts_dir)
    for epoch in loader.get_epochs("attention_patterns"):
        loader.load_epoch("attention_patterns", epoch)
    losses = variant.losses
    journal = _golden_of(golden, variant.paths.losses)
    if len(losses) and not journal.startswith(variant.paths.losses.read_bytes()[: len(losses) * RECORD_BYTES]):
        return "the losses differ"
    return ""


def _golden_of(golden: dict[str, bytes], path: Path) -> bytes:
    return next(content for name, content in golden.items() if name.endswith(path.name))


def contents(results: Path) -> dict[str, bytes]:
    """Every file by relative name; of the status all but the time of day."""
    found = {str(path.relative_to(results)): path.read_bytes() for path in results.rglob("*") if path.is_file()}
    for name in found:
        if name.endswith("status.json"):
            status = atomic.read_json(results / name, "")
            found[name] = json.dumps(status | {"updated": 0}).encode()
    return found


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def run(
    plant: str = "", faults: Sequence[str] = FAULTS, stride: int = 1, compound_stride: int = 0, stop_at_first: bool = False
) -> Figures:
    """Every fault at every `stride`-th operation; where asked, a second one while recovering, at every `compound_stride`-th."""
    torch.set_num_threads(1)
    began = time.monotonic()
    parent = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        harness = Harness(Path(folder), plant)
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
