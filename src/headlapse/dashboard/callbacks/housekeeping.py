"""Notes on runs, and their deletion. What changes something needs the token of this launch; the answer is a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from dash import Dash, Input, Output, State, no_update
from typing_extensions import TypedDict

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.security import changes, token_matches
from headlapse.errors import BusyError, HeadlapseError, InvalidValueError
from headlapse.results.notes import change_notes
from headlapse.results.trash import from_trash, out_of_trash, to_trash

MOST = 2000  # runs at a time


class Change(TypedDict, total=False):
    """What the page asks for.

    To `note` something on runs, or move them to the `trash`; to `restore` what is named there, or delete it for good, `empty`.
    """

    kind: str
    runs: list[str]
    notes: dict[str, Any]
    asked: int | float


def add(app: Dash, context: DashboardContext) -> None:
    @app.callback(
        Output("run-answer", "children"), Input("run-change", "data"), State("token", "data"), prevent_initial_call=True
    )
    @changes
    def change(asked: Change | None, token: Any) -> Any:
        if asked is None:
            return no_update
        answer = (
            {"problem": texts.STALE_PAGE, "done": []} if not token_matches(token, context.token) else _answer(context, asked)
        )
        return json.dumps({**answer, "asked": asked.get("asked", 0)})


def _answer(context: DashboardContext, asked: Change) -> dict[str, Any]:
    """What was done, run by run, until the first problem."""
    work: dict[str, Callable[[str], str]] = {
        "note": lambda run: _note(context, run, asked.get("notes", {})),
        "trash": lambda run: _delete(context, run),
        "restore": lambda token: from_trash(context.variants.results, token).name,
        "empty": lambda token: out_of_trash(context.variants.results, token).name,
    }
    done: list[str] = []
    try:
        if asked.get("kind") not in work:
            raise InvalidValueError(f"a page cannot ask for {asked.get('kind')!r}; reload it")
        for run in _few(asked.get("runs", [])):
            done.append(work[asked["kind"]](run))
    except HeadlapseError as error:
        return {"problem": str(error), "done": done}
    return {"problem": "", "done": done}


def _few(runs: Iterable[str]) -> list[str]:
    found = list(runs)
    if len(found) > MOST:
        raise InvalidValueError(f"at most {MOST} runs at a time, got {len(found)}")
    return found


def _note(context: DashboardContext, run: str, notes: dict[str, Any]) -> str:
    family, _, name = run.partition("/")
    change_notes(context.variants.paths(family, name), notes)
    return run


def _delete(context: DashboardContext, run: str) -> str:
    """Move a run to the trash; what names it there. Also one that cannot be opened."""
    family, _, name = run.partition("/")
    paths = context.variants.paths(family, name)
    for job in context.jobs.jobs():
        if job.is_alive and (job.request.family, job.request.variant) == (family, name):
            raise BusyError(f"{name} has a job that is {job.state}; cancel it first")
    return to_trash(context.variants.results, paths.root)
