"""From checkpoints to artifacts: with one probe, only what is missing or stale, each written as soon as it is done.

For a run without weights, or whose model cannot be built, such as a recorded one, artifacts are made from artifacts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Semaphore

import numpy as np

from headlapse import checks
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.cross_epoch_pipeline import CrossEpochPipeline, chosen_analyzers
from headlapse.analysis.limits import check_fits
from headlapse.analysis.making import Arrays, Maker, reads_of, sources_of, version_of
from headlapse.analysis.protocol import Analyzer
from headlapse.analysis.report import AnalysisReport, Outcome
from headlapse.errors import FileStateError, HeadlapseError, IncompatibleFileError, InvalidValueError
from headlapse.results.artifacts import Provenance, pack_artifact
from headlapse.results.checkpoints import content_hash
from headlapse.results.discovery import check_run
from headlapse.results.plug_ins import why_unsuited
from headlapse.results.remedies import REPAIR, TRAIN_FIRST
from headlapse.results.run import Run
from headlapse.storage.atomic import flush_folder, write_bytes
from headlapse.storage.lock import locked
from headlapse.system.allocator import keep_freed_memory
from headlapse.system.blas_threads import one_blas_thread
from headlapse.system.interrupts import raise_if_one_was_lost

WORKERS, MAKERS = 4, 2  # makers read, compute and compress; more would wait for the interpreter. The others wait for the disk
Progress = Callable[[int, int, int], None]  # done, total, epoch


@dataclass(frozen=True)
class AnalysisRunConfig:
    """The scope of an analysis: None means all analyzers of the family, or all checkpoints. `force` recomputes everything."""

    analyzers: Sequence[str] | None = None
    checkpoints: Sequence[int] | None = None
    force: bool = False
    device: str = "cpu"

    def __post_init__(self) -> None:
        """Raises `InvalidValueError` for a wrong list of names, list of epochs, or device."""
        if self.analyzers is not None:
            names = checks.some(checks.text, "analyzers", self.analyzers, "name")
            object.__setattr__(self, "analyzers", names)
        if self.checkpoints is not None:
            epochs = checks.some(checks.whole, "checkpoints", self.checkpoints, "epoch")
            object.__setattr__(self, "checkpoints", epochs)
        checks.flag("force", self.force)
        checks.one_of("device", self.device, ("cpu", "cuda"))


def _checked_config(config: object) -> AnalysisRunConfig:
    return checks.instance("config", config, AnalysisRunConfig, "an AnalysisRunConfig")


class AnalysisPipeline:
    """Runs analyzers over the epochs of one run. Memory does not grow with their number."""

    def __init__(self, variant: Run, config: AnalysisRunConfig | None = None) -> None:
        self.subject = check_run(variant)
        self.config = AnalysisRunConfig() if config is None else _checked_config(config)
        wanted = [*variant.analyzers, *variant.cross_epoch_analyzers]
        names = wanted if self.config.analyzers is None else self.config.analyzers
        chosen_analyzers(names)
        reasons = {name: why_unsuited(name, variant.axes) for name in names}
        self._unsuited = {name: reason for name, reason in reasons.items() if reason}
        per_epoch, across = chosen_analyzers([name for name in names if name not in self._unsuited])
        self._analyzers = [AnalyzerRegistry.get(name) for name in per_epoch]
        self._across = [CrossEpochRegistry.get(name) for name in across]
        self._maker = Maker(variant, self._analyzers, self._is_current, self.config.device)
        self._making = Semaphore(MAKERS)

    def run(self, progress: Progress | None = None) -> AnalysisReport:
        """Analyse the chosen checkpoints. A checkpoint that fails is reported, and the others are analysed.

        Raises `InvalidValueError` for a chosen checkpoint that does not exist, or, with figures, if memory or disk are too
        small, `BusyError` if another process trains or analyses the variant, `IncompatibleFileError` if its family has
        changed.
        """
        checks.optional(checks.function, "progress", progress)
        epochs = self._chosen_epochs()
        report = AnalysisReport(unsuited=self._unsuited, without_checkpoints=self.subject.suited_remedy(TRAIN_FIRST))
        if not epochs:
            return report
        self.subject.check_unchanged()
        check_fits(self.subject, [each.name for each in self._analyzers], epochs, self.config.force, self.config.device)
        keep_freed_memory()
        with locked(self.subject.paths.lock, "analyze"), one_blas_thread, ThreadPoolExecutor(WORKERS) as workers:
            outcomes = workers.map(self._analyze, epochs)
            try:
                for done, (epoch, outcome) in enumerate(zip(epochs, outcomes, strict=True), start=1):
                    report.add(outcome)
                    raise_if_one_was_lost()
                    if progress is not None:
                        progress(done, len(epochs), epoch)
            except BaseException:
                workers.shutdown(cancel_futures=True)
                raise
            self._flush(report)
            return self.analyze_run(report)

    def analyze_epoch(self, epoch: int) -> AnalysisReport:
        """Analyse one checkpoint. The caller holds the variant's lock, e.g. training after it wrote the checkpoint."""
        with one_blas_thread:
            report = self._analyze(epoch)
        self._flush(report)
        return report

    def analyze_run(self, report: AnalysisReport | None = None) -> AnalysisReport:
        """Run the analyzers across epochs over the existing artifacts. The caller holds the variant's lock."""
        report, records = report or AnalysisReport(), self._maker.records
        across = CrossEpochPipeline(self.subject, self._across, self.config.force, report, records)
        with one_blas_thread:
            return across.run()

    def _chosen_epochs(self) -> list[int]:
        existing = self.subject.checkpoint_epochs if self._has_weights else self.subject.epochs
        if self.config.checkpoints is None:
            return existing
        missing = sorted(set(self.config.checkpoints) - set(existing))
        if missing:
            known = f"{existing[0]:,} to {existing[-1]:,}, {len(existing)} in all" if existing else "none yet"
            raise InvalidValueError(f"{self.subject.name} has no checkpoint at epoch {missing[0]:,}; it has {known}")
        return sorted(set(self.config.checkpoints))

    def _analyze(self, epoch: int) -> AnalysisReport:
        """Analyse one checkpoint. A power cut may undo it until `_flush`, which costs the same for one file and for all."""
        report = AnalysisReport()
        pending = self._makeable if self.config.force else self._outdated(epoch, report)
        if pending:
            self._compute(pending, epoch, report)
        return report

    def _flush(self, report: AnalysisReport) -> None:
        for analyzer in sorted({outcome.analyzer for outcome in report.computed}):
            flush_folder(self.subject.paths.artifacts.folder(analyzer))

    def _outdated(self, epoch: int, report: AnalysisReport) -> list[Analyzer]:
        """The analyzers whose artifact is missing or stale; those that are up to date, or cannot be checked, are reported."""
        pending = []
        for analyzer in self._analyzers:
            try:
                if self._is_current(analyzer, epoch):
                    report.skipped.append(Outcome(analyzer.name, epoch))
                else:
                    pending.append(analyzer)
            except FileStateError as error:
                report.failed.append(Outcome(analyzer.name, epoch, str(error)))
        return pending

    def _compute(self, analyzers: list[Analyzer], epoch: int, report: AnalysisReport) -> None:
        with self._making:
            artifacts = self._made(analyzers, epoch, report)
        for name, content in artifacts.items():
            write_bytes(self.subject.paths.artifacts.file(name, epoch), content, for_good=False)
            report.computed.append(Outcome(name, epoch))

    def _made(self, analyzers: list[Analyzer], epoch: int, report: AnalysisReport) -> dict[str, bytearray]:
        """The artifacts of an epoch by analyzer; failures are reported."""
        try:
            results = self._maker.make(analyzers, epoch)
            packed = {analyzer.name: self._packed(results[analyzer.name], analyzer, epoch) for analyzer in analyzers}
        except HeadlapseError as error:
            packed = dict.fromkeys((analyzer.name for analyzer in analyzers), error)
        failed = {name: content for name, content in packed.items() if isinstance(content, HeadlapseError)}
        report.failed += [Outcome(name, epoch, str(error)) for name, error in failed.items()]
        return {name: content for name, content in packed.items() if not isinstance(content, HeadlapseError)}

    def _packed(self, result: Arrays | HeadlapseError, analyzer: Analyzer, epoch: int) -> bytearray | HeadlapseError:
        if isinstance(result, HeadlapseError):
            return result
        try:
            return pack_artifact(result, self._provenance(analyzer, epoch, self._maker.hashes.get(epoch)))
        except ValueError as error:  # of arrays that no file holds
            return self._maker.failure(analyzer, error)

    def _is_current(self, analyzer: Analyzer, epoch: int) -> bool:
        """Whether its artifact exists and was made from the current checkpoint; captured artifacts are always current."""
        found = self.subject.artifacts.provenance(analyzer.name, epoch)
        if found is None or (not self._has_weights and reads_of(analyzer) is None):
            return found is not None
        return found == self._provenance(analyzer, epoch)

    def _provenance(self, analyzer: Analyzer, epoch: int, sha256: str | None = None) -> Provenance:
        """The origin of the artifacts of `epoch`: its checkpoint, or the captured artifact if there are no weights.

        `sha256` is that of the checkpoint as it was read; None reads it from the file.
        """
        family, name, version = self.subject.family_name, self.subject.name, version_of(analyzer)
        if self._has_weights:
            sha256s = (sha256 or self.subject.checkpoint_hash(epoch), self._probe_sha256)
        else:
            captured = self._captured(analyzer, epoch)
            sha256s = (captured.checkpoint_sha256, captured.probe_sha256)
        return Provenance(family, name, epoch, analyzer.name, version, *sha256s)

    def _captured(self, analyzer: Analyzer, epoch: int) -> Provenance:
        """The hash of the captured artifact that `analyzer` reads in the end. Raises a `FileStateError` if there is none."""
        source = [analyzer, *sources_of(analyzer)][-1].name
        found = self.subject.artifacts.provenance(source, epoch)
        if found is None:
            self.subject.artifacts.load_epoch(source, epoch)  # this usually gives the reason
            path = self.subject.paths.artifacts.file(source, epoch)
            raise IncompatibleFileError(path, "does not say what made it", self.subject.suited_remedy(REPAIR))
        return found

    @property
    def _has_weights(self) -> bool:
        return self.subject.model_config is not None

    @property
    def _makeable(self) -> list[Analyzer]:
        """All analyzers except those that read activations of a model that cannot be built."""
        return [analyzer for analyzer in self._analyzers if self._has_weights or reads_of(analyzer) is not None]

    @cached_property
    def _probe_sha256(self) -> str:
        return content_hash({"probe": np.asarray(self.subject.probe)})
