"""What an analysis did: nothing is skipped or lost in silence."""

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

    `without_checkpoints` is what to do where there are none.
    """

    computed: list[Outcome] = field(default_factory=list)
    skipped: list[Outcome] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    without_checkpoints: str = "train the variant first"

    def add(self, other: AnalysisReport) -> None:
        """Append what another report says."""
        self.computed += other.computed
        self.skipped += other.skipped
        self.failed += other.failed

    def __str__(self) -> str:
        total = len(self.computed) + len(self.skipped) + len(self.failed)
        if total == 0:
            return f"nothing to analyse: there are no checkpoints; {self.without_checkpoints}"
        if not self.computed and not self.failed:
            return f"nothing to do: all {total:,} artifacts are up to date"
        return f"{len(self.computed):,} computed, {len(self.skipped):,} up to date, {len(self.failed):,} failed"
