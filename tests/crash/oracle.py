"""The run that is disturbed, and what must be true of its files whatever happened to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import torch._dynamo  # noqa: F401 -- imported here once, as the next ones, and not in every child

import headlapse
import headlapse.analysis.capture
import headlapse.analysis.pipeline
import headlapse.training.trainer
from headlapse.errors import FileStateError
from headlapse.families.spec import parse_family_spec
from headlapse.results.loader import ArtifactLoader
from headlapse.results.scalar_names import JOURNAL
from headlapse.storage import atomic, journal_arrays
from headlapse.training.progress import Silent
from headlapse.workbench import ModelFamily, Variant
from tests.crash.forks import in_child

EPOCHS, CHECKPOINTS = 4, (0, 2, 4)
RECORD_BYTES = 24


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


def wrong_in(results: Path, golden: dict[str, bytes]) -> str:
    """What a reader would see wrong, or find damaged; nothing where all is right."""
    try:
        return _read_everything(variant_in(results), golden)
    except FileStateError as error:
        return str(error)


def _read_everything(variant: Variant, golden: dict[str, bytes]) -> str:
    for path in (variant.paths.config, variant.paths.metadata, variant.paths.status):
        if path.exists():
            atomic.read_json(path, "")
    for epoch in variant.checkpoint_epochs:
        variant.checkpoint(epoch)
        if variant.paths.checkpoint(epoch).read_bytes() != _golden_of(golden, variant.paths.checkpoint(epoch)):
            return f"checkpoint {epoch} differs"
    loader = ArtifactLoader(variant.artifacts_dir)
    for epoch in loader.get_epochs("attention_patterns"):
        loader.load_epoch("attention_patterns", epoch)
    for name, series in variant.scalars.items():
        if not _golden_of(golden, variant.paths.scalar(name)).startswith(journal_arrays.pack(JOURNAL, *series, start=0)):
            return f"the scalar {name} differs"
    losses = variant.losses
    expected = _golden_of(golden, variant.paths.losses)
    if len(losses) and not expected.startswith(variant.paths.losses.read_bytes()[: len(losses) * RECORD_BYTES]):
        return "the losses differ"
    return ""


def _golden_of(golden: dict[str, bytes], path: Path) -> bytes:
    return next(content for name, content in golden.items() if name.endswith(path.name))


def is_kept(path: Path) -> bool:
    """Whether a file, once there, is never replaced by anything else: checkpoints and artifacts."""
    return path.suffix == ".npz" or path.parent.name == "checkpoints"


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


class Training:
    """Training with analysis, and the same command again: a `Subject`."""

    name, within, code = "training", "", 0

    def __init__(self, folder: Path) -> None:
        golden = self.begin(folder / "golden")
        assert in_child(partial(self.work, golden)) == 0
        self._golden = contents(golden)
        assert not self.wrong_in(golden)  # imports whatever reading needs, so that every later child makes the same calls

    def begin(self, folder: Path) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder / "results"

    def work(self, results: Path) -> None:
        command(results)

    def aftermath(self, results: Path) -> list[str]:
        return self.wrong_in(results)

    def unlike(self, results: Path) -> list[str]:
        differing = differences(self._golden, contents(results))
        return [f"these differ: {', '.join(differing)}"] if differing else []

    def lost(self, results: Path, committed: Iterable[Path]) -> list[str]:
        """A lock's note is removed on purpose."""
        noted = [path for path in committed if not path.name.endswith("owner.json")]
        return [path.name for path in noted if not self._is_there(path, str(path.relative_to(results)))]

    def _is_there(self, path: Path, name: str) -> bool:
        return path.exists() and (not is_kept(path) or path.read_bytes() == self._golden[name])

    def recover(self, results: Path) -> None:
        command(results)

    def wrong_in(self, results: Path) -> list[str]:
        wrong = wrong_in(results, self._golden)
        return [wrong] if wrong else []

    def again(self, results: Path) -> list[str]:
        code = in_child(partial(self.recover, results))
        return [f"running it again ended with {code}"] if code else self.unlike(results)
