"""Train runs of a sweep in any process: `python -m headlapse.sweep.worker` reads orders and answers with their outcomes.

The process saves and ends when its input ends, because then the process that started it is gone.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from headlapse.errors import BusyError, HeadlapseError
from headlapse.storage.lease import trust_silence
from headlapse.sweep.order import Ending, Order, Outcome
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.report import Report
from headlapse.sweep.runs import is_cancelled, standing
from headlapse.sweep.together import fulfil_together
from headlapse.system import refusals
from headlapse.system.end_with_input import end_with_input
from headlapse.system.interrupts import end_on_sigterm
from headlapse.workbench import Variant


def fulfil(order: Order) -> Outcome:
    """Train the run of the order in this thread. The outcome reports all errors."""
    notes: list[str] = []
    try:
        return Outcome(*_train(order, order.variant(), notes), notes)
    except (KeyboardInterrupt, SystemExit):
        return Outcome("cancelled", "", notes)
    except BusyError as error:
        return Outcome("busy", str(error), notes)
    except HeadlapseError as error:
        return Outcome("failed", str(error), notes)
    except Exception as error:  # noqa: BLE001 -- the boundary of the run: whatever ended it is for the user to see
        return Outcome("failed", refusals.in_words(error), notes)


def _train(order: Order, variant: Variant, notes: list[str]) -> tuple[Ending, str]:
    recipe = Recipe(**order.recipe)
    trust_silence(order.silent)
    found = standing(variant, recipe)
    if found.state == "done" or is_cancelled(variant.paths):
        return ("finished" if found.state == "done" else "cancelled"), ""
    is_new, on_cpu = not variant.paths.training_state.exists(), recipe.device == "cpu"
    variant.train(
        recipe.epochs,
        **{name: value for name, value in order.recipe.items() if name != "epochs"},
        threads=order.threads if on_cpu and (is_new or order.forced) else None,
        products=order.products if on_cpu and is_new else None,
        progress=Report(variant, notes),
    )
    return "finished", ""


def main() -> int:
    """Fulfil the orders on the first line of the input; the last line of the output has an outcome for each."""
    orders = [Order(**each) for each in json.loads(sys.stdin.readline())]
    end_with_input()
    end_on_sigterm()
    try:
        outcomes = [fulfil(orders[0])] if len(orders) == 1 else fulfil_together(orders, fulfil)
    except SystemExit:
        outcomes = [Outcome("cancelled") for _ in orders]
    print(json.dumps([asdict(outcome) for outcome in outcomes]), flush=True)  # noqa: T201 -- read by whoever started this
    return 0


if __name__ == "__main__":
    sys.exit(main())
