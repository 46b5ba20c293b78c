"""Several runs of a sweep trained together in one process, for a GPU, which one small model leaves mostly idle."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from headlapse.errors import BusyError
from headlapse.storage.lease import trust_silence
from headlapse.sweep.order import Order, Outcome
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.report import Report
from headlapse.sweep.runs import is_cancelled, standing
from headlapse.workbench import Variant

SECONDS_BETWEEN_LOOKS = 5.0  # between two looks at each run, which write its status
STOPPED = "a run that trained with it was asked to stop"


@dataclass
class _Member:
    """One of the runs, and the remarks on it."""

    order: Order
    variant: Variant
    notes: list[str] = field(default_factory=list)


def fulfil_together(orders: Sequence[Order], alone: Callable[[Order], Outcome]) -> list[Outcome]:
    """Train the runs of the orders, which have one recipe, in this thread. The outcomes report all errors.

    Runs that cannot be trained with the others are trained `alone` afterwards.
    """
    for order in orders:
        trust_silence(order.silent)
    began, recipe = time.time(), Recipe(**orders[0].recipe)
    members = [_Member(order, order.variant()) for order in orders]
    ending = _train([member for member in members if _is_wanted(member.variant, recipe)], recipe)
    outcomes = (_told(member, recipe, ending, began) or alone(member.order) for member in members)
    return list(outcomes)


def _is_wanted(variant: Variant, recipe: Recipe) -> bool:
    return standing(variant, recipe).state != "done" and not is_cancelled(variant.paths)


def _train(members: Sequence[_Member], recipe: Recipe) -> Outcome | None:
    """The outcome that all runs share; a failed run states its own in its status."""
    from headlapse.training import train_many

    notes = {member.variant.name: member.notes for member in members}
    try:
        if members:
            train_many(
                [member.variant for member in members],
                progress=lambda variant: Report(variant, notes[variant.name], SECONDS_BETWEEN_LOOKS),
                **recipe.to_json(),
            )
    except (KeyboardInterrupt, SystemExit):
        return Outcome("cancelled")
    except BusyError as error:
        return Outcome("busy", str(error))
    except Exception:  # noqa: BLE001 -- e.g. no memory for so many: each is trained alone, and says what is wrong with it
        return None
    return None


def _told(member: _Member, recipe: Recipe, ending: Outcome | None, began: float) -> Outcome | None:
    """The outcome of one run; None if it still has to be trained."""
    found = standing(member.variant, recipe)
    if found.state == "done":
        return Outcome("finished", "", member.notes)
    if found.status.get("state") == "failed" and float(found.status.get("updated", 0)) >= began:
        return Outcome("failed", str(found.status.get("reason", "")), member.notes)
    if is_cancelled(member.variant.paths):
        return Outcome("cancelled", "", member.notes)
    if ending is not None and ending.ending == "cancelled":
        return Outcome("died", STOPPED, member.notes)
    return ending
