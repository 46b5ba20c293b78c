"""The arrays of one epoch: each analyzer computes them from activations, or from the arrays of another analyzer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from headlapse import extras
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.arguments import cache_for, probe_for, takes_weights
from headlapse.analysis.protocol import AnalysisContext, Analyzer, CacheKey, SelectiveAnalyzer
from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.results.checkpoints import Checkpoint, Weights
from headlapse.results.run import Run
from headlapse.results.validation import Shapes, check_weights
from headlapse.system import refusals
from headlapse.system.blas_threads import one_torch_thread

if TYPE_CHECKING:
    from headlapse.analysis.capture import Capture, Captured
    from headlapse.models.config import ModelConfig

Arrays = dict[str, np.ndarray]
Made = dict[str, Arrays | HeadlapseError]  # by analyzer: its arrays, or why there are none
IsCurrent = Callable[[Analyzer, int], bool]


@dataclass
class Maker:
    """Makes the arrays of `analyzers` for any epoch of `run`. `is_current` says whether an existing artifact is up to date."""

    run: Run
    analyzers: Sequence[Analyzer]
    is_current: IsCurrent
    device: str
    records: dict[int, Mapping[str, Any]] = field(default_factory=dict)  # of the checkpoints that were read
    hashes: dict[int, str] = field(default_factory=dict)  # of their content
    _computing: Lock = field(default_factory=Lock)

    def make(self, analyzers: Sequence[Analyzer], epoch: int) -> Made:
        """The arrays of each of `analyzers` at `epoch`. Raises a `HeadlapseError` if there is nothing to compute them from."""
        sources = self._missing_sources(analyzers, epoch)
        capturing = [analyzer for analyzer in (*analyzers, *sources) if reads_of(analyzer) is None]
        reading = self._in_order(analyzers, sources)
        checkpoint = self._checkpoint(epoch) if capturing or self._want_weights(reading) else None
        made = self._captured(capturing, checkpoint) if capturing and checkpoint else {}
        for analyzer in reading:
            made[analyzer.name] = self._read(analyzer, made, epoch, checkpoint)
        return {analyzer.name: made[analyzer.name] for analyzer in analyzers}

    def _missing_sources(self, analyzers: Sequence[Analyzer], epoch: int) -> list[Analyzer]:
        """Other analyzers whose arrays `analyzers` read and that must be computed first; they are not stored."""
        names, found = {analyzer.name for analyzer in analyzers}, list[Analyzer]()
        for analyzer in analyzers:
            for source in sources_of(analyzer):
                if source.name in names:
                    continue
                if self.is_current(source, epoch):
                    break
                names.add(source.name)
                found.append(source)
        return found

    def _in_order(self, analyzers: Sequence[Analyzer], sources: Sequence[Analyzer]) -> list[Analyzer]:
        """The analyzers that read others, each after those that it reads."""
        reading = [analyzer for analyzer in (*analyzers, *sources) if reads_of(analyzer) is not None]
        return sorted(reading, key=lambda analyzer: len(sources_of(analyzer)))

    def _read(self, analyzer: Analyzer, made: Made, epoch: int, checkpoint: Checkpoint | None) -> Arrays | HeadlapseError:
        source = str(reads_of(analyzer))
        arrays = made[source] if source in made else self.run.artifacts.load_epoch(source, epoch)
        if isinstance(arrays, HeadlapseError):
            return arrays
        weights = checkpoint.weights if checkpoint and takes_weights(analyzer) else None
        return self._call(analyzer, None, arrays, epoch, weights)

    def _want_weights(self, analyzers: Sequence[Analyzer]) -> bool:
        """Whether one of `analyzers` takes the weights, and the run has any."""
        return self.run.model_config is not None and any(map(takes_weights, analyzers))

    def _checkpoint(self, epoch: int) -> Checkpoint:
        checkpoint = self.run.checkpoint(epoch)
        with self.run.suited_remedies():
            check_weights(self.run.paths.checkpoint(epoch), checkpoint.weights, self._shapes)
        self.records[epoch], self.hashes[epoch] = checkpoint.extra, checkpoint.sha256
        return checkpoint

    def _captured(self, analyzers: list[Analyzer], checkpoint: Checkpoint) -> Made:
        results = self._results(analyzers, checkpoint)
        return {analyzer.name: result for analyzer, result in zip(analyzers, results, strict=True)}

    def _results(self, analyzers: list[Analyzer], checkpoint: Checkpoint) -> list[Arrays | HeadlapseError]:
        """The arrays of each analyzer, or why it failed. One at a time: there is one model."""
        with self._computing:
            try:
                captured = self._capture(checkpoint.weights)
            except Exception:  # noqa: BLE001 -- one may ask for an activation that no model has: then each is on its own
                return [self._call_alone(analyzer, checkpoint) for analyzer in analyzers]
            return [self._of_activations(analyzer, captured, checkpoint.identity.epoch) for analyzer in analyzers]

    def _call_alone(self, analyzer: Analyzer, checkpoint: Checkpoint) -> Arrays | HeadlapseError:
        epoch = checkpoint.identity.epoch
        try:
            captured = self._capture_for([analyzer])(checkpoint.weights)
        except Exception as error:  # noqa: BLE001 -- what it asks for is foreign code's choice
            return self.failure(analyzer, error)
        return self._of_activations(analyzer, captured, epoch)

    def _of_activations(self, analyzer: Analyzer, captured: Captured, epoch: int) -> Arrays | HeadlapseError:
        return self._call(analyzer, captured.model, cache_for(analyzer, captured.cache), epoch)

    def _call(
        self, analyzer: Analyzer, model: Any, cache: Any, epoch: int, weights: Weights | None = None
    ) -> Arrays | HeadlapseError:
        try:
            probe: Any = None if self._probe is None else probe_for(analyzer, self._probe)
            with one_torch_thread():
                arrays = analyzer.analyze(model, probe, cache, self._context(epoch, weights))
            return {name: np.asarray(array) for name, array in arrays.items()}
        except Exception as error:  # noqa: BLE001 -- foreign code: whatever it raises, say whose it is
            return self.failure(analyzer, error)

    def failure(self, analyzer: Analyzer, error: Exception) -> HeadlapseError:
        """The error that says which analyzer failed and why, in the same words at every epoch. A missing package is its own."""
        if (missing := extras.of(error)) is not None:
            return missing
        why = str(error) if isinstance(error, HeadlapseError) else refusals.in_words(error)
        failure = HeadlapseError(f"analyzer {analyzer.name} failed: {why}")
        failure.__cause__ = error
        return failure

    def _context(self, epoch: int, weights: Weights | None) -> AnalysisContext:
        run, model = self.run, self.run.model_config
        n_layers = 1 if model is None else model.n_layers
        known = (run.family_name, run.name, epoch, run.settings, run.labels.position_labels, run.axes)
        return AnalysisContext(*known, n_layers=n_layers, model_config=model, weights=weights, layout=run.layout, task=run.task)

    @cached_property
    def _probe(self) -> np.ndarray | None:
        return self.run.probe

    @cached_property
    def _model(self) -> ModelConfig:
        model = self.run.model_config
        if model is None:
            raise InvalidValueError(f"{self.run.name} has no weights of a model that can be built, only what was captured")
        return model

    @cached_property
    def _shapes(self) -> Shapes:
        from headlapse.models.layouts import weight_shapes

        return weight_shapes(self._model)

    @cached_property
    def _capture(self) -> Capture:
        return self._capture_for([each for name in self.analyzers for each in (name, *sources_of(name))])

    def _capture_for(self, analyzers: Sequence[Analyzer]) -> Capture:
        from headlapse.analysis.capture import capture_for

        assert self._probe is not None  # a run with a model has a configuration of it
        return capture_for(self._model, self._probe, _keys(analyzers), self.device)


def reads_of(analyzer: Analyzer) -> str | None:
    """The name of the analyzer whose arrays it reads; None if it reads activations."""
    name: str | None = getattr(analyzer, "reads", None)  # asked several times per checkpoint, where `isinstance` is slow
    return name


def version_of(analyzer: Analyzer) -> int:
    """Its version; 0 if it declares none, or if it declares neither `captures` nor `reads`."""
    is_declared = hasattr(analyzer, "captures") or reads_of(analyzer) is not None  # `isinstance` is slow, too
    version: int = getattr(analyzer, "version", 0) if is_declared else 0
    return version


def sources_of(analyzer: Analyzer) -> list[Analyzer]:
    """The analyzers that it reads, directly and indirectly. Raises `InvalidValueError` for a cycle."""
    found: list[Analyzer] = []
    path = [analyzer.name]
    while (name := reads_of(analyzer)) is not None:
        if name in path:
            raise InvalidValueError(f"analyzers read each other in a circle: {' -> '.join([*path, name])}")
        path.append(name)
        analyzer = AnalyzerRegistry.get(name)
        found.append(analyzer)
    return found


def _keys(analyzers: Sequence[Analyzer]) -> list[CacheKey] | None:
    """The cache keys that all of `analyzers` read together; None if one that reads activations does not declare them."""
    keys: list[CacheKey] = []
    for analyzer in analyzers:
        if reads_of(analyzer) is not None:
            continue
        if not isinstance(analyzer, SelectiveAnalyzer):
            return None
        keys += [key for key in analyzer.captures if key not in keys]
    return keys
