"""Changes of runs by a page: notes on them, and their deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from headlapse.dashboard.context import DashboardContext
from headlapse.errors import BusyError, HeadlapseError
from headlapse.results.notes import change_notes
from headlapse.results.trash import from_trash, out_of_trash, to_trash

MOST = 2000  # runs at a time


class Change(BaseModel):
    """The request of a page.

    It can `note` something on `runs`, move them to the `trash`, `restore` named runs from it, or delete them permanently
    (`empty`).
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    kind: Literal["note", "trash", "restore", "empty"]
    runs: Annotated[list[str], Field(max_length=MOST)]
    notes: dict[str, Any] = {}


@dataclass
class Outcome:
    """The runs that were changed, under their current names, and the `error` at which the change stopped."""

    done: list[str] = field(default_factory=list)
    error: HeadlapseError | None = None


def make(context: DashboardContext, change: Change) -> Outcome:
    """Make a change, run by run, until the first error."""
    results = context.variants.results
    work: dict[str, Callable[[str], str]] = {
        "note": lambda run: _note(context, run, change.notes),
        "trash": lambda run: _delete(context, run),
        "restore": lambda token: from_trash(results, token).name,
        "empty": lambda token: out_of_trash(results, token).name,
    }
    outcome = Outcome()
    try:
        for run in change.runs:
            outcome.done.append(work[change.kind](run))
    except HeadlapseError as error:
        outcome.error = error
    return outcome


def _note(context: DashboardContext, run: str, notes: dict[str, Any]) -> str:
    family, _, name = run.partition("/")
    change_notes(context.variants.paths(family, name), notes)
    return run


def _delete(context: DashboardContext, run: str) -> str:
    """Move a run to the trash, even one that cannot be opened; return its name there."""
    family, _, name = run.partition("/")
    paths = context.variants.paths(family, name)
    for job in context.jobs.jobs():
        if job.is_alive and (job.request.family, job.request.variant) == (family, name):
            raise BusyError(f"{name} has a job that is {job.state}; cancel it first")
    return to_trash(context.variants.results, paths.root)
