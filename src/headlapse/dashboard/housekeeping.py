"""Changes by a page: notes on runs, their deletion, and jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.job_requests import AskedJob, request_of
from headlapse.errors import BusyError, HeadlapseError, InvalidValueError
from headlapse.results.notes import change_notes
from headlapse.results.trash import from_trash, out_of_trash, to_trash

MOST = 2000  # runs at a time


class Change(BaseModel):
    """The request of a page.

    It can `note` something on `runs`, move them to the `trash`, `restore` named runs from it, or delete them permanently
    (`empty`). It can `start` a `job`, and `cancel` the jobs that `runs` names.
    """

    model_config = ConfigDict(strict=True, extra="forbid")

    kind: Literal["note", "trash", "restore", "empty", "start", "cancel"]
    runs: Annotated[list[str], Field(max_length=MOST)]
    notes: dict[str, Any] = {}
    job: AskedJob | None = None


@dataclass
class Outcome:
    """The runs that were changed, under their current names, and the `error` at which the change stopped."""

    done: list[str] = field(default_factory=list)
    error: HeadlapseError | None = None


def make(context: DashboardContext, change: Change) -> Outcome:
    """Make a change, run by run or job by job, until the first error."""
    results = context.variants.results
    work: dict[str, Callable[[Any], str]] = {
        "note": lambda run: _note(context, run, change.notes),
        "trash": lambda run: _delete(context, run),
        "restore": lambda token: from_trash(results, token).name,
        "empty": lambda token: out_of_trash(results, token).name,
        "start": lambda job: _start(context, job),
        "cancel": lambda job: _cancel(context, job),
    }
    outcome = Outcome()
    try:
        for subject in [change.job] if change.kind == "start" else change.runs:
            outcome.done.append(work[change.kind](subject))
    except HeadlapseError as error:
        outcome.error = error
    return outcome


def _start(context: DashboardContext, asked: AskedJob | None) -> str:
    """Start a job, and return its name."""
    if asked is None:
        raise InvalidValueError("a job to start has to be named")
    return context.jobs.submit(request_of(context, asked)).name


def _cancel(context: DashboardContext, job: str) -> str:
    context.jobs.cancel(job)
    return job


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
