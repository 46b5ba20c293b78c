"""The marks of a run, which are found again when one of the files behind them changes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from headlapse.dashboard.stamps import Stamps
from headlapse.errors import HeadlapseError
from headlapse.results.paths import state_of
from headlapse.results.run import Run, RunLabels
from headlapse.visualization import run_marks
from headlapse.visualization.views import ViewRegistry


@dataclass(frozen=True)
class _Read:
    """A view of a run, and the state of the files that its marks come from."""

    view: str
    folder: Path
    labels: RunLabels
    fingerprint: tuple[object, ...]
    run: Run = field(compare=False)


def marks(run: Run, stamps: Stamps) -> list[run_marks.Mark]:
    """What `visualization.run_marks.marks` finds."""
    return run_marks.marks(run, lambda name, run: _of_view(name, run, stamps))


def _of_view(name: str, run: Run, stamps: Stamps) -> Sequence[run_marks.Mark]:
    with suppress(HeadlapseError):  # its panel says so
        view = ViewRegistry.get(name)
        epochs = stamps.epochs(view.analyzer) if view.marks else []
        if epochs:
            fingerprint = (*stamps.of(view, epochs[-1:]), stamps.checkpoints, state_of(run.paths.config))
            return _found(_Read(name, run.paths.root, run.labels, fingerprint, run))
    return ()


@lru_cache(maxsize=256)
def _found(read: _Read) -> Sequence[run_marks.Mark]:
    return run_marks.marks_of(read.view, read.run)
