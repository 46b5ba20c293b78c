"""Analyzers as results need them, found as plug-ins because they are in a higher layer."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from headlapse.errors import HeadlapseError

if TYPE_CHECKING:
    from headlapse.families.axes import Axis
    from headlapse.registry import Registry
    from headlapse.results.run import Run

_REGISTRIES = (("headlapse.analysis.analyzers", "AnalyzerRegistry"), ("headlapse.analysis.cross_epoch", "CrossEpochRegistry"))


def analyzer_called(name: str) -> Any | None:
    """The analyzer of this name, per epoch or across epochs; None if there is none, or if it does not load."""
    for package, registry_name in _REGISTRIES:
        registry: type[Registry[Any]] = getattr(import_module(package), registry_name)
        if registry.has(name):
            try:
                return registry.get(name)
            except HeadlapseError:
                return None
    return None


def runs_by_itself(run: Run, name: str) -> bool:
    """Whether the analyzer belongs to every analysis of the run."""
    return name in (*run.analyzers, *run.cross_epoch_analyzers)


def analysis_command(run: Run, name: str) -> str:
    """The command that makes the artifacts of the analyzer."""
    return f"headlapse analyze {run.name}" + ("" if runs_by_itself(run, name) else f" --analyzer {name}")


def why_unsuited(name: str, axes: Sequence[Axis]) -> str:
    """Why the analyzer, or one whose arrays it reads, does not apply to inputs over these axes; empty if it does."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        analyzer = analyzer_called(name)
        reason = getattr(analyzer, "unsuited", _suits)(axes)
        if reason:
            return str(reason)
        name = getattr(analyzer, "reads", None) or getattr(analyzer, "source", None) or name
    return ""


def _suits(axes: Sequence[Axis]) -> str:  # noqa: ARG001 -- of an analyzer that does not say what it needs
    return ""
