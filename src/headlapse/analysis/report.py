"""The report of an analysis: every skip and every failure is listed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """One analyzer on one checkpoint; `reason` says why it failed."""

    analyzer: str
    epoch: int
    reason: str = ""


@dataclass
class AnalysisReport:
    """Artifacts computed now, skipped because they are up to date, and failed with the reason.

    `unsuited` says why analyzers do not apply to the run. `without_checkpoints` says what to do if there are none.
    """

    computed: list[Outcome] = field(default_factory=list)
    skipped: list[Outcome] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    unsuited: dict[str, str] = field(default_factory=dict)
    without_checkpoints: str = "train the variant first"

    def add(self, other: AnalysisReport) -> None:
        """Append another report."""
        self.computed += other.computed
        self.skipped += other.skipped
        self.failed += other.failed

    def __str__(self) -> str:
        return "; ".join(filter(None, [self._counted(), *self._unsuited()]))

    def failures(self) -> list[str]:
        """A line for each failure, or one for all epochs at which an analyzer failed for the same reason."""
        epochs: dict[tuple[str, str], list[int]] = {}
        for outcome in self.failed:
            epochs.setdefault((outcome.analyzer, outcome.reason), []).append(outcome.epoch)
        return [f"{_of(at)}, {analyzer}: {reason}" for (analyzer, reason), at in epochs.items()]

    def _unsuited(self) -> list[str]:
        """The analyzers that do not apply, grouped by reason."""
        names = {
            reason: [name for name, other in self.unsuited.items() if other == reason] for reason in self.unsuited.values()
        }
        return [f"{' and '.join(of_one)} {_does(of_one)} not apply: {reason}" for reason, of_one in names.items()]

    def _counted(self) -> str:
        total = len(self.computed) + len(self.skipped) + len(self.failed)
        if total == 0 and self.unsuited:
            return ""
        if total == 0:
            return f"nothing to analyse: there are no checkpoints; {self.without_checkpoints}"
        if not self.computed and not self.failed:
            return f"nothing to do: all {total:,} artifacts are up to date"
        return f"{len(self.computed):,} computed, {len(self.skipped):,} up to date, {len(self.failed):,} failed"


def _of(epochs: list[int]) -> str:
    first, last = min(epochs), max(epochs)
    return f"epoch {first:,}" if len(epochs) == 1 else f"{len(epochs):,} epochs from {first:,} to {last:,}"


def _does(names: list[str]) -> str:
    return "does" if len(names) == 1 else "do"
