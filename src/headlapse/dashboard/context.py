"""State that routes, callbacks and pages of one application share."""

from __future__ import annotations

from dataclasses import dataclass, field

from headlapse.dashboard.variant_index import VariantIndex
from headlapse.jobs import JobQueue


@dataclass(frozen=True)
class DashboardContext:
    """The results, the jobs on them, the token of this launch, and the folders of families for jobs."""

    variants: VariantIndex
    jobs: JobQueue
    token: str
    families: list[str] = field(default_factory=list)
