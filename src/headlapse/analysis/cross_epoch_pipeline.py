"""From artifacts of all epochs to one artifact of the run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.protocol import CrossEpochAnalyzer, RunContext
from headlapse.analysis.report import AnalysisReport, Outcome
from headlapse.errors import FileStateError, HeadlapseError, UnknownNameError
from headlapse.results.artifacts import Provenance, write_artifact
from headlapse.results.run import Run
from headlapse.results.scalar_names import TEST_ACCURACY, TRAIN_ACCURACY
from headlapse.results.scalars import write_scalar


@dataclass(frozen=True)
class ArtifactSeries(Mapping[int, Mapping[str, np.ndarray]]):
    """The artifacts of one analyzer by epoch, ascending; each look-up reads a file."""

    variant: Run
    analyzer: str
    epochs: Sequence[int]

    def __getitem__(self, epoch: int) -> Mapping[str, np.ndarray]:
        if epoch not in self.epochs:
            raise KeyError(epoch)
        return self.variant.artifacts.load_epoch(self.analyzer, epoch)

    def __iter__(self) -> Iterator[int]:
        return iter(self.epochs)

    def __len__(self) -> int:
        return len(self.epochs)


@dataclass
class CrossEpochPipeline:
    """Runs analyzers across epochs over the existing artifacts. One that fails is reported, and the others still run.

    `records` are those of checkpoints that have already been read and verified.
    """

    variant: Run
    analyzers: Sequence[CrossEpochAnalyzer]
    force: bool = False
    report: AnalysisReport = field(default_factory=AnalysisReport)
    records: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def run(self) -> AnalysisReport:
        """Compute what is missing or stale, if there are artifacts to read."""
        for analyzer in self.analyzers:
            sources = self._sources(analyzer.source)
            if sources and not self._is_done(analyzer, sources):
                whole = self._whole(analyzer, sources)
                if whole and not self._is_done(analyzer, whole):
                    self._run_one(analyzer, whole)
        return self.report

    def _is_done(self, analyzer: CrossEpochAnalyzer, sources: Mapping[int, Provenance]) -> bool:
        """Whether the result of these `sources` exists; it is then reported."""
        artifacts = self.variant.artifacts
        is_done = not self.force and artifacts.provenance(analyzer.name) == self._provenance(analyzer, sources)
        if is_done:
            self.report.skipped.append(Outcome(analyzer.name, max(sources)))
        return is_done

    def _whole(self, analyzer: CrossEpochAnalyzer, sources: Mapping[int, Provenance]) -> dict[int, Provenance]:
        """Those `sources` whose checkpoint, and therefore its record, is undamaged; the others are reported."""
        for epoch in sources.keys() - self.records.keys():
            try:
                self.records[epoch] = self.variant.record(epoch)
            except FileStateError as error:
                self.report.failed.append(Outcome(analyzer.name, epoch, str(error)))
        self._keep_accuracies()
        return {epoch: made for epoch, made in sources.items() if epoch in self.records}

    def _keep_accuracies(self) -> None:
        """Write accuracies that only checkpoints hold, from an earlier version or an import, as scalars of the run."""
        paths = self.variant.paths
        for name in (TRAIN_ACCURACY, TEST_ACCURACY):
            stated = {epoch: float(value) for epoch, record in self.records.items() if (value := record.get(name)) is not None}
            if stated and name not in self.variant.scalars:
                write_scalar(paths, name, stated)

    def _run_one(self, analyzer: CrossEpochAnalyzer, sources: Mapping[int, Provenance]) -> None:
        path = self.variant.paths.artifacts.run_file(analyzer.name)
        provenance = self._provenance(analyzer, sources)
        try:
            write_artifact(path, self._call(analyzer, list(sources)), provenance)
        except HeadlapseError as error:
            self.report.failed.append(Outcome(analyzer.name, provenance.epoch, str(error)))
        else:
            self.report.computed.append(Outcome(analyzer.name, provenance.epoch))

    def _call(self, analyzer: CrossEpochAnalyzer, epochs: list[int]) -> dict[str, np.ndarray]:
        series = ArtifactSeries(self.variant, analyzer.source, epochs)
        try:
            arrays = analyzer.analyze_epochs(series, self._context(epochs))
            return {name: np.asarray(array) for name, array in arrays.items()}
        except FileStateError:
            raise
        except Exception as error:  # analyzers may be anyone's code
            reason = f"{type(error).__name__}: {error}"
            raise HeadlapseError(f"analyzer {analyzer.name} failed on {self.variant.name}: {reason}") from error

    def _sources(self, analyzer: str) -> dict[int, Provenance]:
        """The origin of each artifact of `analyzer` that still belongs to its checkpoint."""
        artifacts = self.variant.artifacts
        found = {epoch: artifacts.provenance(analyzer, epoch) for epoch in artifacts.paths.epochs(analyzer)}
        return {epoch: made for epoch, made in found.items() if made is not None and self._is_current(made)}

    def _is_current(self, made: Provenance) -> bool:
        expected = self.variant.made_from(made.epoch)
        return all(getattr(made, name) == value for name, value in expected.items())

    def _provenance(self, analyzer: CrossEpochAnalyzer, sources: Mapping[int, Provenance]) -> Provenance:
        read = [[made.epoch, made.version, made.checkpoint_sha256] for made in sources.values()]
        sha256 = hashlib.sha256(json.dumps(read).encode()).hexdigest()
        newest = sources[max(sources)]
        return Provenance(
            newest.family, newest.variant, newest.epoch, analyzer.name, analyzer.version, sha256, newest.probe_sha256
        )

    def _context(self, epochs: list[int]) -> RunContext:
        variant = self.variant
        records = {epoch: self.records[epoch] for epoch in epochs}
        labels = variant.labels.position_labels
        return RunContext(variant.family_name, variant.name, variant.settings, labels, records)


def chosen_analyzers(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """`names` of per-epoch analyzers, and of analyzers across epochs. Raises `UnknownNameError` listing both kinds."""
    for name in names:
        if not AnalyzerRegistry.has(name) and not CrossEpochRegistry.has(name):
            raise UnknownNameError.among("analyzer", name, [*AnalyzerRegistry.names(), *CrossEpochRegistry.names()])
    per_epoch = [name for name in names if AnalyzerRegistry.has(name)]
    return per_epoch, [name for name in names if name not in per_epoch]
