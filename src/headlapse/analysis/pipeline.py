"""Checkpoints to artifacts: the same probe for every one, only what is missing or stale, written as soon as one is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Lock, Semaphore
from typing import TYPE_CHECKING, Any

import numpy as np

from headlapse import checks
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.arguments import cache_for, probe_for
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.cross_epoch_pipeline import CrossEpochPipeline, chosen_analyzers
from headlapse.analysis.limits import check_fits
from headlapse.analysis.protocol import AnalysisContext, Analyzer, CacheKey, SelectiveAnalyzer
from headlapse.analysis.report import AnalysisReport, Outcome
from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError
from headlapse.results.artifacts import Provenance, pack_artifact
from headlapse.results.checkpoints import Checkpoint, content_hash
from headlapse.results.remedies import TRAIN_FIRST
from headlapse.results.validation import Shapes, check_weights
from headlapse.results.variant import Variant, check_variant
from headlapse.storage.atomic import flush_folder, write_bytes
from headlapse.storage.lock import locked
from headlapse.system import refusals
from headlapse.system.allocator import keep_freed_memory
from headlapse.system.blas_threads import one_blas_thread, one_torch_thread

if TYPE_CHECKING:
    from headlapse.analysis.capture import Capture, Captured
    from headlapse.models.config import ModelConfig

WORKERS, MAKERS = 4, 2  # makers read, compute and compress; more would wait for the interpreter. The others wait for the disk
Arrays = dict[str, np.ndarray]
Progress = Callable[[int, int, int], None]  # done, total, epoch


@dataclass(frozen=True)
class AnalysisRunConfig:
    """What to analyse: None means all of the family's analyzers, or all checkpoints. `force` recomputes what is up to date."""

    analyzers: Sequence[str] | None = None
    checkpoints: Sequence[int] | None = None
    force: bool = False
    device: str = "cpu"

    def __post_init__(self) -> None:
        """Raises `InvalidValueError` for what is no list of names, no list of epochs, or no device."""
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
    """Runs analyzers over the checkpoints of one variant. Memory does not grow with the number of checkpoints."""

    def __init__(self, variant: Variant, config: AnalysisRunConfig | None = None) -> None:
        self.variant = check_variant(variant)
        self.config = AnalysisRunConfig() if config is None else _checked_config(config)
        spec = variant.family.spec
        names = [*spec.analyzers, *spec.cross_epoch_analyzers] if self.config.analyzers is None else self.config.analyzers
        per_epoch, across = chosen_analyzers(names)
        self._analyzers = [AnalyzerRegistry.get(name) for name in per_epoch]
        self._across = [CrossEpochRegistry.get(name) for name in across]
        self._making, self._computing = Semaphore(MAKERS), Lock()
        self._records: dict[int, Mapping[str, Any]] = {}  # of the checkpoints read, which need not be read again for them

    def run(self, progress: Progress | None = None) -> AnalysisReport:
        """Analyse the chosen checkpoints. A checkpoint that fails is reported and hides no other.

        Raises `InvalidValueError` for a chosen checkpoint that does not exist, or with figures where memory or disk are too
        small, `BusyError` where another process trains or analyses the variant, `IncompatibleFileError` where its family has
        changed.
        """
        checks.optional(checks.function, "progress", progress)
        epochs = self._chosen_epochs()
        report = AnalysisReport(without_checkpoints=self.variant.suited_remedy(TRAIN_FIRST))
        if not epochs:
            return report
        self.variant.check_unchanged()
        check_fits(self.variant, [each.name for each in self._analyzers], epochs, self.config.force, self.config.device)
        keep_freed_memory()
        with locked(self.variant.paths.lock, "analyze"), one_blas_thread, ThreadPoolExecutor(WORKERS) as workers:
            outcomes = workers.map(self._analyze, epochs)
            try:
                for done, (epoch, outcome) in enumerate(zip(epochs, outcomes, strict=True), start=1):
                    report.add(outcome)
                    if progress is not None:
                        progress(done, len(epochs), epoch)
            except BaseException:
                workers.shutdown(cancel_futures=True)
                raise
            self._flush(report)
            return self.analyze_run(report)

    def analyze_epoch(self, epoch: int) -> AnalysisReport:
        """Analyse one checkpoint; for a caller that holds the variant's lock, e.g. training as the checkpoint lands."""
        with one_blas_thread:
            report = self._analyze(epoch)
        self._flush(report)
        return report

    def analyze_run(self, report: AnalysisReport | None = None) -> AnalysisReport:
        """Run the analyzers across epochs over the artifacts that are there; the caller holds the variant's lock."""
        across = CrossEpochPipeline(self.variant, self._across, self.config.force, report or AnalysisReport(), self._records)
        with one_blas_thread:
            return across.run()

    def _chosen_epochs(self) -> list[int]:
        existing = self.variant.epochs
        if self.config.checkpoints is None:
            return existing
        missing = sorted(set(self.config.checkpoints) - set(existing))
        if missing:
            known = f"{existing[0]:,} to {existing[-1]:,}, {len(existing)} in all" if existing else "none yet"
            raise InvalidValueError(f"{self.variant.name} has no checkpoint at epoch {missing[0]:,}; it has {known}")
        return sorted(set(self.config.checkpoints))

    def _analyze(self, epoch: int) -> AnalysisReport:
        """Analyse one checkpoint; a power cut may undo it until `_flush`, which costs as much for one file as for all."""
        report = AnalysisReport()
        pending = list(self._analyzers) if self.config.force else self._outdated(epoch, report)
        if pending:
            self._compute(pending, epoch, report)
        return report

    def _flush(self, report: AnalysisReport) -> None:
        for analyzer in sorted({outcome.analyzer for outcome in report.computed}):
            flush_folder(self.variant.paths.artifacts.folder(analyzer))

    def _outdated(self, epoch: int, report: AnalysisReport) -> list[Analyzer]:
        """The analyzers whose artifact is missing or stale; what is up to date or cannot be told is reported."""
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
            write_bytes(self.variant.paths.artifacts.file(name, epoch), content, for_good=False)
            report.computed.append(Outcome(name, epoch))

    def _made(self, analyzers: list[Analyzer], epoch: int, report: AnalysisReport) -> dict[str, bytearray]:
        """The artifacts of a checkpoint by analyzer; what fails is reported."""
        try:
            checkpoint = self.variant.checkpoint(epoch)
            with self.variant.suited_remedies():
                check_weights(self.variant.paths.checkpoint(epoch), checkpoint.weights, self._shapes)
            self._records[epoch] = checkpoint.extra
        except FileStateError as error:
            report.failed += [Outcome(analyzer.name, epoch, str(error)) for analyzer in analyzers]
            return {}
        made = {}
        for analyzer, result in zip(analyzers, self._results(analyzers, checkpoint), strict=True):
            content = self._packed(result, analyzer, checkpoint)
            if isinstance(content, HeadlapseError):
                report.failed.append(Outcome(analyzer.name, epoch, str(content)))
            else:
                made[analyzer.name] = content
        return made

    def _packed(
        self, result: Arrays | HeadlapseError, analyzer: Analyzer, checkpoint: Checkpoint
    ) -> bytearray | HeadlapseError:
        if isinstance(result, HeadlapseError):
            return result
        epoch = checkpoint.identity.epoch
        try:
            return pack_artifact(result, self._provenance(analyzer, epoch, checkpoint.sha256))
        except ValueError as error:  # of arrays that no file holds
            return self._failure(analyzer, epoch, error)

    def _results(self, analyzers: list[Analyzer], checkpoint: Checkpoint) -> list[Arrays | HeadlapseError]:
        """What each analyzer made of the checkpoint, or why it failed. One at a time: there is one model."""
        with self._computing:
            try:
                captured = self._capture(checkpoint.weights)
            except Exception:  # noqa: BLE001 -- one may ask for an activation that no model has: then each is on its own
                return [self._call_alone(analyzer, checkpoint) for analyzer in analyzers]
            return [self._call(analyzer, captured, checkpoint.identity.epoch) for analyzer in analyzers]

    def _call_alone(self, analyzer: Analyzer, checkpoint: Checkpoint) -> Arrays | HeadlapseError:
        epoch = checkpoint.identity.epoch
        try:
            captured = self._capture_for([analyzer])(checkpoint.weights)
        except Exception as error:  # noqa: BLE001 -- what it asks for is foreign code's choice
            return self._failure(analyzer, epoch, error)
        return self._call(analyzer, captured, epoch)

    def _call(self, analyzer: Analyzer, captured: Captured, epoch: int) -> Arrays | HeadlapseError:
        try:
            probe, cache = probe_for(analyzer, self._probe), cache_for(analyzer, captured.cache)
            with one_torch_thread():
                arrays = analyzer.analyze(captured.model, probe, cache, self._context(epoch))
            return {name: np.asarray(array) for name, array in arrays.items()}
        except Exception as error:  # noqa: BLE001 -- foreign code: whatever it raises, say whose it is
            return self._failure(analyzer, epoch, error)

    def _failure(self, analyzer: Analyzer, epoch: int, error: Exception) -> HeadlapseError:
        where = f"analyzer {analyzer.name} failed on epoch {epoch:,} of {self.variant.name}"
        failure = HeadlapseError(f"{where}: {refusals.in_words(error)}")
        failure.__cause__ = error
        return failure

    def _is_current(self, analyzer: Analyzer, epoch: int) -> bool:
        found = self.variant.artifacts.provenance(analyzer.name, epoch)
        return found is not None and found == self._provenance(analyzer, epoch, self.variant.checkpoint_hash(epoch))

    def _provenance(self, analyzer: Analyzer, epoch: int, checkpoint_sha256: str) -> Provenance:
        family, name, version = self.variant.family.name, self.variant.name, self._versions[analyzer.name]
        return Provenance(family, name, epoch, analyzer.name, version, checkpoint_sha256, self._probe_sha256)

    def _context(self, epoch: int) -> AnalysisContext:
        variant = self.variant
        labels, n_layers = variant.position_labels, self._model.n_layers
        return AnalysisContext(variant.family.name, variant.name, epoch, variant.settings, labels, variant.axes, n_layers)

    @cached_property
    def _versions(self) -> dict[str, int]:
        return {
            analyzer.name: analyzer.version if isinstance(analyzer, SelectiveAnalyzer) else 0 for analyzer in self._analyzers
        }

    @cached_property
    def _probe(self) -> np.ndarray:
        return self.variant.family.probe(self.variant.settings)

    @cached_property
    def _probe_sha256(self) -> str:
        return content_hash({"probe": self._probe})

    @cached_property
    def _model(self) -> ModelConfig:
        from headlapse.models.config import ModelConfig

        return ModelConfig.of(self.variant.family, self.variant.settings, self.variant.shape)

    @cached_property
    def _shapes(self) -> Shapes:
        from headlapse.models.layouts import weight_shapes

        return weight_shapes(self._model)

    @cached_property
    def _capture(self) -> Capture:
        return self._capture_for(self._analyzers)

    def _capture_for(self, analyzers: list[Analyzer]) -> Capture:
        from headlapse.analysis.capture import capture_for

        return capture_for(self._model, self._probe, _keys(analyzers), self.config.device)


def _keys(analyzers: list[Analyzer]) -> list[CacheKey] | None:
    """The cache keys all of `analyzers` read together; None where one does not say."""
    keys: list[CacheKey] = []
    for analyzer in analyzers:
        if not isinstance(analyzer, SelectiveAnalyzer):
            return None
        keys += [key for key in analyzer.captures if key not in keys]
    return keys
