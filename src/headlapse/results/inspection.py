"""Look at everything a variant has on disk and say what is wrong, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from headlapse.errors import FileStateError
from headlapse.results.atomic import read_json, temporaries
from headlapse.results.checkpoints import read_checkpoint
from headlapse.results.lock import is_locked
from headlapse.results.soundness import Shapes, check_weights
from headlapse.results.variant import Variant

REPAIR = "run `headlapse check --repair`"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: `state` is that of a `FileStateError`, or `leftover` of a run that was killed."""

    path: Path
    state: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.state}: {self.path}: {self.problem}; {self.remedy}"


def inspect(variant: Variant) -> list[Finding]:
    """Everything that is wrong with `variant`; empty where all is right. While it trains, leftovers cannot be told apart."""
    findings = [*_records(variant), *_checkpoints(variant), *_artifacts(variant)]
    if not is_locked(variant.paths.lock):
        findings += [_leftover(path) for path in temporaries(variant.paths.root)]
    return findings


def _records(variant: Variant) -> Iterator[Finding]:
    paths = variant.paths
    trained_here = paths.training_state.exists()
    for path in (paths.config, paths.metadata, paths.status):
        if path.exists() or trained_here:
            yield from _tried(partial(read_json, path, REPAIR))
    yield from _tried(lambda: variant.losses)
    if trained_here:
        yield from _tried(lambda: read_checkpoint(paths.training_state, variant.identity))
        if not paths.losses.exists():
            yield Finding(paths.losses, "missing", "does not exist", REPAIR)


def _checkpoints(variant: Variant) -> Iterator[Finding]:
    from headlapse.models.config import ModelConfig
    from headlapse.models.layouts import weight_shapes

    shapes = weight_shapes(ModelConfig.of(variant.family, variant.settings, variant.shape))
    for epoch in variant.epochs:
        yield from _tried(partial(_check_weights, variant, epoch, shapes))
    yield from _strangers(variant.paths.checkpoints, [variant.paths.checkpoint(epoch) for epoch in variant.epochs])


def _artifacts(variant: Variant) -> Iterator[Finding]:
    for analyzer in {*variant.family.spec.analyzers, *variant.artifacts.get_available_analyzers()}:
        present = variant.paths.artifacts.epochs(analyzer)
        for epoch in present:
            yield from _tried(partial(variant.artifacts.load_epoch, analyzer, epoch))
        if variant.paths.artifacts.run_file(analyzer).is_file():
            yield from _tried(partial(variant.artifacts.load_run, analyzer))
        yield from _strangers(variant.artifacts_dir / analyzer, variant.paths.artifacts.files(analyzer))
        if analyzer in variant.family.spec.analyzers and present:
            for epoch in sorted(set(variant.epochs) - set(present)):
                yield Finding(variant.paths.artifacts.file(analyzer, epoch), "missing", "does not exist", REPAIR)


def _check_weights(variant: Variant, epoch: int, shapes: Shapes) -> None:
    check_weights(variant.paths.checkpoint(epoch), variant.checkpoint(epoch).weights, shapes)


def _strangers(folder: Path, known: list[Path]) -> Iterator[Finding]:
    """Files beside the known ones that no reader will ever see, because their names do not follow the pattern."""
    if folder.is_dir():
        for path in sorted({path for path in folder.iterdir() if not path.name.startswith(".")} - set(known)):
            if path.suffix in (".npz", ".safetensors"):
                yield Finding(path, "foreign", "has a name that is not read", "rename it or move it away")


def _leftover(path: Path) -> Finding:
    return Finding(path, "leftover", "is a file that was never finished", REPAIR)


def _tried(read: Callable[[], object]) -> Iterator[Finding]:
    try:
        read()
    except FileStateError as error:
        yield Finding(error.path, error.state, error.problem, error.remedy)
