"""The user's object for a recorded run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headlapse.results.epochs import check_epoch
from headlapse.results.recorded import RecordedRun as StoredRun

if TYPE_CHECKING:
    from headlapse.workbench.snapshot import Snapshot


@dataclass(frozen=True, repr=False, eq=False)  # equal and hashed as the base says
class RecordedRun(StoredRun):
    """A run that was recorded from the user's own training loop."""

    def at(self, epoch: int) -> Snapshot:
        """The run at one of its `epochs`. Raises `OutOfRangeError` for another epoch, naming the nearest."""
        from headlapse.workbench.snapshot import Snapshot

        return Snapshot(self, check_epoch(epoch, self.epochs, self.name))
