"""The work for a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from headlapse.sweep.driver import Board, Driver, Hands, Row, Tally, tally
from headlapse.sweep.estimate import Estimate
from headlapse.sweep.plan import Sum, SweepPlan


@dataclass(frozen=True)
class Work:
    """A plan with its measurements. `stopped` says whether the sweep was asked to end.

    `given` are the user's options for the place, as texts.
    """

    plan: SweepPlan
    sums: Sum
    estimate: Estimate
    given: Mapping[str, str]
    board: Board
    stopped: Callable[[], bool]

    def drive(self, hands: Hands) -> Tally:
        """Give every pending run to `hands` until none is left."""
        orders = self.plan.orders(self.sums)
        rows = [Row(variant, orders[variant.name]) for variant in self.plan.pending]
        broken = {variant.name: reason for variant, reason in self.plan.broken}
        Driver(rows, self.plan.recipe, hands, self.board, self.stopped).run()
        return tally(rows, len(self.plan.runs) - len(rows) - len(broken), broken)
