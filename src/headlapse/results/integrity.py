"""Check everything that a run has on disk, and describe the problems."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from headlapse.errors import FileStateError, IncompatibleFileError, in_one_line
from headlapse.results import expected
from headlapse.results.artifacts import Artifact, is_of_unknown_origin
from headlapse.results.expected import FOREIGN
from headlapse.results.remedies import CHECKPOINT, REPAIR
from headlapse.results.run import Run
from headlapse.results.validation import Shapes, check_hash, check_weights
from headlapse.results.variant import Variant
from headlapse.storage.atomic import RECORD_BYTES, read_json, temporaries
from headlapse.storage.lock import is_locked

UNKNOWN_ORIGIN = "unknown origin"
NO_STATE = "existing checkpoints can be analysed, but the run cannot be continued; train with --restart to begin again"


@dataclass(frozen=True)
class Finding:
    """One problem.

    `state` is that of a `FileStateError`, or `unknown origin` for an artifact that does not state its origin, `foreign` for a
    name that is not read, or `leftover` for the file of a killed process.
    """

    path: Path
    state: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.state}: {in_one_line(self.path)}: {self.problem}; {self.remedy}"


def inspect(run: Run) -> list[Finding]:
    """All problems of `run`; empty if there are none. While it trains, leftovers cannot be recognised."""
    own = _of_variant(run) if isinstance(run, Variant) else _of_recorded(run)
    findings = [_suited(finding, run) for finding in (*own, *_scalars(run), *_artifacts(run))]
    if not is_locked(run.paths.lock):
        findings += [_leftover(path) for path in temporaries(run.paths.root)]
    return findings


def _suited(finding: Finding, run: Run) -> Finding:
    is_same = finding.path.is_relative_to(run.paths.artifacts.root) and finding.remedy == REPAIR
    return finding if is_same else replace(finding, remedy=run.suited_remedy(finding.remedy))


def _of_variant(variant: Variant) -> list[Finding]:
    stated: dict[int, float | None] = {}
    return [*_records(variant), *_checkpoints(variant, stated), *_losses(variant, stated)]


def _of_recorded(run: Run) -> Iterator[Finding]:
    """Its status, and its weights if they were recorded; its config.json was already read."""
    yield from _tried(partial(read_json, run.paths.status, REPAIR, RECORD_BYTES))
    for epoch in run.checkpoint_epochs:
        yield from _tried(partial(_check_hash, run, epoch))
    yield from _strangers(run.paths.checkpoints, [run.paths.checkpoint(epoch) for epoch in run.checkpoint_epochs])


def _check_hash(run: Run, epoch: int) -> None:
    check_hash(run.paths.checkpoint(epoch), run.checkpoint(epoch))


def _scalars(run: Run) -> Iterator[Finding]:
    for name in run.scalars:
        yield from _tried(partial(run.scalars.__getitem__, name))


def _records(variant: Variant) -> Iterator[Finding]:
    paths = variant.paths
    readers = {path: partial(read_json, path, REPAIR, RECORD_BYTES) for path in (paths.config, paths.status)}
    for path, read in {**readers, paths.metadata: partial(variant.read_metadata, REPAIR)}.items():
        if path.exists() or variant.was_trained_here:
            yield from _tried(read)
    yield from (found for found in _tried(lambda: variant.status) if found.state == IncompatibleFileError.state)
    for folder in (paths.checkpoints, paths.artifacts.root):
        if folder.exists() and not folder.is_dir():
            yield Finding(folder, "corrupt", "is not a folder", f"move it away, then {REPAIR}")
    yield from _tried(lambda: variant.losses)
    if variant.was_trained_here:
        if paths.training_state.exists():
            yield from _tried(lambda: variant.training_state)
        else:
            yield Finding(paths.training_state, "missing", "does not exist", NO_STATE)
        if not paths.losses.exists():
            yield Finding(paths.losses, "missing", "does not exist", REPAIR)


def _checkpoints(variant: Variant, stated: dict[int, float | None]) -> Iterator[Finding]:
    """Faults of the checkpoints; the train losses of the intact ones are added to `stated`."""
    from headlapse.models.layouts import weight_shapes

    shapes = weight_shapes(variant.model_config)
    for epoch in variant.checkpoint_epochs:
        yield from _tried(partial(_check_weights, variant, epoch, shapes, stated))
    for epoch in sorted(_recorded_epochs(variant).difference(variant.checkpoint_epochs)):
        yield Finding(variant.paths.checkpoint(epoch), "missing", "does not exist", CHECKPOINT)
    yield from _strangers(variant.paths.checkpoints, [variant.paths.checkpoint(epoch) for epoch in variant.checkpoint_epochs])


def _losses(variant: Variant, stated: Mapping[int, float | None]) -> Iterator[Finding]:
    """Losses that differ from those in intact checkpoints, so that they are from another run."""
    if variant.import_source is not None:  # its lists are numbered as in their source
        return
    paths = variant.paths
    for path, read in ((paths.losses, _train_losses), (paths.metadata, _recorded_train_losses)):
        with suppress(FileStateError):  # this was already reported
            losses = dict(enumerate(read(variant), start=1))
            other = [epoch for epoch, loss in stated.items() if _is_known(loss, losses.get(epoch)) and loss != losses[epoch]]
            if other:
                problem = f"holds another train loss than the checkpoint of epoch {other[0]:,}"
                yield Finding(path, "incompatible", problem, f"move it back where it came from, then {REPAIR}")


def _train_losses(variant: Variant) -> list[float | None]:
    return list(variant.losses.train.tolist())


def _recorded_train_losses(variant: Variant) -> list[float | None]:
    return list(variant.read_metadata(REPAIR).get("train_losses", ()))


def _is_known(*losses: float | None) -> bool:
    return not any(loss is None or math.isnan(loss) for loss in losses)


def _recorded_epochs(variant: Variant) -> set[int]:
    """The checkpoints at the end of the run or import; none if it has not ended, or if no file lists them."""
    try:
        has_ended = variant.status.get("state") in ("trained", "imported")
        return set(variant.read_metadata(REPAIR).get("checkpoint_epochs", ())) if has_ended else set()
    except FileStateError:
        return set()


def _artifacts(run: Run) -> Iterator[Finding]:
    for analyzer in {*run.analyzers, *run.artifacts.get_available_analyzers()}:
        paths, present = run.paths.artifacts, run.paths.artifacts.epochs(analyzer)
        for epoch in present:
            yield from _artifact(paths.file(analyzer, epoch), partial(run.artifacts.open_epoch, analyzer, epoch))
        if paths.has_run_file(analyzer):
            yield from _artifact(paths.run_file(analyzer), partial(run.artifacts.open_run, analyzer))
        yield from _strangers(paths.folder(analyzer), paths.files(analyzer))
        if analyzer in run.analyzers and present:
            for epoch in sorted(set(run.checkpoint_epochs) - {*present, *not_analysed(run, analyzer)}):
                yield Finding(paths.file(analyzer, epoch), "missing", "does not exist", REPAIR)


def not_analysed(run: Run, analyzer: str) -> list[int]:
    """The checkpoints after the last artifact of an analyzer: it has not reached them, and nothing is wrong with that."""
    present = run.paths.artifacts.epochs(analyzer)
    return [epoch for epoch in run.checkpoint_epochs if not present or epoch > max(present)]


def _artifact(path: Path, read: Callable[[], Artifact]) -> Iterator[Finding]:
    """Faults of an artifact; if it states no origin, its contents are checked, too."""
    try:
        if not read().says_origin:
            yield Finding(path, UNKNOWN_ORIGIN, f"{FOREIGN}, and its contents fit", expected.REMEDY)
    except FileStateError as error:
        if is_of_unknown_origin(path):
            yield Finding(path, UNKNOWN_ORIGIN, f"{error.problem} ({error.state})", error.remedy)
        else:
            yield Finding(path, error.state, error.problem, error.remedy)


def _check_weights(variant: Variant, epoch: int, shapes: Shapes, stated: dict[int, float | None]) -> None:
    path, checkpoint = variant.paths.checkpoint(epoch), variant.checkpoint(epoch)
    check_weights(path, checkpoint.weights, shapes)
    check_hash(path, checkpoint)
    stated[epoch] = checkpoint.extra.get("train_loss")


def _strangers(folder: Path, known: list[Path]) -> Iterator[Finding]:
    """Files that no reader will ever see, because their names do not follow the pattern."""
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
