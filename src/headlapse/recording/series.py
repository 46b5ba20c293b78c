"""Import a published series of checkpoints, such as Pythia's: one revision at a time, released before the next.

A hub's repository has revisions (`step512`); a local folder has a folder for each (`checkpoint-500`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from headlapse import checks
from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError, counted, some_of
from headlapse.recording.files import RunFiles
from headlapse.recording.hub import Loaded, Repository
from headlapse.recording.limits import check_fits
from headlapse.recording.look import Look, begun_or_not, check_name_free, first_look
from headlapse.recording.revisions import Revision, revisions_of
from headlapse.results.checkpoints import content_hash
from headlapse.results.import_source import check_name
from headlapse.results.recorded import PATTERNS
from headlapse.storage.atomic import RECORD_BYTES, read_json, write_json
from headlapse.workbench import RecordedRun

Progress = Callable[[int, int, int], None]  # is called with (done, total, epoch)


@dataclass
class Series:
    """The result of an import: the run, the revisions read now and earlier, and those whose weights repeat an earlier one.

    `notes` say what was not used or is not a number, and at which revisions.
    """

    run: RecordedRun
    looked_at: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    repeats: dict[str, str] = field(default_factory=dict)  # a revision: the earlier one with the same weights
    notes: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        there = f", {len(self.present):,} were there" if self.present else ""
        lines = [f"{self.run.name}: {counted(len(self.looked_at), 'revision')} imported{there}, in {self.run.paths.root}"]
        lines += [f"note: {one} has the same weights as {other}" for one, other in self.repeats.items()]
        return "\n".join(lines + [f"note: {note} (in {some_of(revisions, 3)})" for note, revisions in self.notes.items()])


def import_series(
    source: str,
    revisions: Sequence[str] | None = None,
    *,
    probe: Any = None,
    name: str | None = None,
    results: str | Path = "results",
    cache: str | Path | None = None,
    offline: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> Series:
    """Record the attention of every revision of `source`, a repository of a hub (`ORG/MODEL`) or a local folder of checkpoints.

    The epoch of a revision is the number in its name, or given explicitly: `"main=143000"`. All checkpoints of a local folder
    are imported unless some are named. `probe` is a text, a file with one text per line, or inputs as for `headlapse.record`;
    by default random tokens, repeated once, which induction heads continue. `options` are those of `record` that choose what is
    kept. Revisions imported earlier are not loaded again, so an interrupted import continues. Raises `InvalidValueError` for a
    revision without a number, a model with missing weights, and a series that does not fit into memory or onto the disk.
    """
    repository = Repository(source, None if cache is None else checks.path("cache", cache), offline)
    wanted = revisions_of(revisions, repository)
    series_name = check_name(repository.short_name if name is None else name)
    inputs, words = repository.probe(probe, wanted[0])
    first = repository.load(wanted[0])
    where = {"source": repository.source}
    look = first_look(first.model, series_name, inputs, results, {"series": repository.source}, where, **{**words, **options})
    kind = type(first.model).__name__
    with _importing(look, [each.epoch for each in wanted]) as importing:
        importing.take(wanted[0], first)
        del first
        for done, revision in enumerate(wanted, start=1):
            if not importing.has(revision):
                gc.collect()  # memory of the previous model
                importing.take(revision, _same_kind(repository.load(revision), kind, revision))
            if progress is not None:
                progress(done, len(wanted), revision.epoch)
    return importing.analyzed()


def _same_kind(loaded: Loaded, kind: str, revision: Revision) -> Loaded:
    """The loaded model, unless it is of another kind than the first of the series."""
    own = type(loaded.model).__name__
    if own != kind:
        raise InvalidValueError(f"revision {revision.name} is a {own}; the series begins with a {kind}")
    return loaded


@contextmanager
def _importing(look: Look, epochs: Sequence[int]) -> Iterator[_Importing]:
    """The import of these epochs, after checking that it fits; the status records how it ended."""
    importing = _Importing.begin(look, epochs)
    try:
        yield importing
    except BaseException as error:
        importing.end("failed", reason=f"{type(error).__name__}: {error}")
        raise
    importing.end("trained")


@dataclass
class _Importing:
    """A running import. `weights` are the sha256 of the weights by revision, as in metadata.json."""

    look: Look
    files: RunFiles
    report: Series
    weights: dict[str, str]

    @classmethod
    def begin(cls, look: Look, epochs: Sequence[int]) -> _Importing:
        missing = set(epochs) - set(look.run.paths.artifacts.epochs(PATTERNS))
        check_fits(look.run, look.observer.found, len(missing), None, look.observer.least_rows_at_once)
        check_name_free(look.run, resume=_is_series(look.run))
        has_begun, run = begun_or_not(look)
        files = RunFiles(run, look.observer.probe.sha256)
        if not has_begun:
            write_json(run.paths.config, run.declaration.to_json(run.name))
        files.write_status("training", 0, {})
        return cls(look, files, Series(run), _weights_before(run))

    def has(self, revision: Revision) -> bool:
        """Whether the revision was read, now or earlier."""
        is_there = revision.epoch in self.report.run.paths.artifacts.epochs(PATTERNS) and revision.name in self.weights
        if is_there and revision.name not in self.report.looked_at + self.report.present:
            self.report.present.append(revision.name)
        return is_there

    def take(self, revision: Revision, loaded: Loaded) -> None:
        """Read a revision that was not read before."""
        if self.has(revision):
            return
        observer = self.look.observer
        sha256 = weights_hash(loaded.model)
        observer.broken.clear()
        self.files.write_patterns(revision.epoch, observer.patterns(loaded.model))
        broken = some_of(sorted(observer.broken), 3)
        not_finite = [f"attention of {broken} is not a number (NaN); such rows are zeros"] if broken else []
        for note in (*loaded.notes, *not_finite):
            self.report.notes.setdefault(note, []).append(revision.name)
        earlier = [name for name, other in self.weights.items() if other == sha256 and name != revision.name]
        if earlier:
            self.report.repeats[revision.name] = earlier[0]
        self.weights[revision.name] = sha256
        write_json(self.report.run.paths.metadata, {"revisions": self.weights})
        self.report.looked_at.append(revision.name)

    def end(self, state: str, **more: Any) -> None:
        epochs = self.report.run.epochs
        self.files.write_status(state, epochs[-1] if epochs else 0, {}, **more)
        self.files.close()

    def analyzed(self) -> Series:
        """The result, after the analysis. Raises `HeadlapseError` if the analysis fails."""
        from headlapse.analysis import AnalysisPipeline

        report = AnalysisPipeline(self.report.run).run()
        if report.failed:
            raise HeadlapseError(f"{self.report.run.name} is imported, and its analysis failed: {report.failed[0].reason}")
        return self.report


def weights_hash(model: nn.Module) -> str:
    """The sha256 of all weights and buffers that the model saves, with one tensor at a time in memory."""
    tensors = {name: tensor for name, tensor in model.state_dict().items() if isinstance(tensor, torch.Tensor)}
    return content_hash({name: _plain(tensor) for name, tensor in tensors.items()})


def _plain(tensor: torch.Tensor) -> Any:
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).cpu().numpy()


def _is_series(run: RecordedRun) -> bool:
    """Whether the existing run of this name is an import of the same source, which can continue."""
    try:
        settings: Mapping[str, Any] = RecordedRun.open(run.paths.root).settings
    except FileStateError:
        return False
    return bool(settings.get("source") == run.settings["source"])


def _weights_before(run: RecordedRun) -> dict[str, str]:
    try:
        return dict(read_json(run.paths.metadata, "", RECORD_BYTES)["revisions"])
    except (FileStateError, KeyError):
        return {}
