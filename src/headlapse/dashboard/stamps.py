"""Stamps of what a view shows: a stamp changes whenever a file behind it is written, replaced, added or removed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from headlapse.results.paths import State, state_of
from headlapse.results.run import Run
from headlapse.visualization.views import View

Texts = Mapping[int | None, str]  # of the state of each artifact, by epoch; None stands for the one across epochs


class Stamps:
    """The stamps of all views of a run. The folder of an analyzer is read once, so that all views see the same files."""

    def __init__(self, run: Run) -> None:
        self._artifacts, self._paths = run.artifacts, run.paths
        self._texts = cache(self._read)

    @cached_property
    def checkpoints(self) -> str:
        """The stamp of all checkpoints."""
        return _of_all(self._paths.checkpoint_states())

    def epochs(self, analyzer: str) -> list[int]:
        """Epochs that the artifacts of `analyzer` cover, ascending. Raises as `ArtifactLoader.get_epochs` does."""
        found = self._texts(analyzer)
        if None in found:
            return self._artifacts.get_epochs(analyzer)
        return sorted(epoch for epoch in found if epoch is not None)

    def of(self, view: View, epochs: Sequence[int]) -> list[str]:
        """The stamp of each epoch; empty for one without an artifact."""
        texts, beside = self._texts(view.analyzer), [self._texts(name) for name in view.beside]
        all_of_it = _of_all(texts) if view.over_epochs else ""
        return [_joined(all_of_it or _at(texts, epoch), *(_at(others, epoch) for others in beside)) for epoch in epochs]

    def _read(self, analyzer: str) -> Texts:
        return {epoch: _text(state) for epoch, state in self._artifacts.paths.states(analyzer).items()}


def stamp(run: Run, view: View, epoch: int) -> str:
    """The stamp of one epoch, for which only its own files are looked at."""
    if view.over_epochs:
        return Stamps(run).of(view, [epoch])[0]
    artifacts = run.artifacts
    return _joined(*(_text(state_of(artifacts.file(name, epoch))) for name in (view.analyzer, *view.beside)))


def _at(texts: Texts, epoch: int) -> str:
    return texts.get(None) or texts.get(epoch, "")


def _of_all(states: Mapping[Any, Any]) -> str:
    return hashlib.sha256(repr(sorted(states.items(), key=str)).encode()).hexdigest()[:16] if states else ""


def _joined(own: str, *beside: str) -> str:
    return " ".join((own, *beside)) if own else ""


def _text(state: State | None) -> str:
    if state is None:
        return ""
    modified, size, number = state
    return f"{modified:x}.{size:x}.{number:x}"
