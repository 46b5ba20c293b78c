"""How a job looks in the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import html

from headlapse.jobs import Job
from headlapse.visualization.format import duration_in_words, epoch_in_words, loss_in_words

VERBS = {"train": "Training", "analyze": "Analysis"}
AGAIN = {"cancelled": "Continue", "failed": "Try again"}
MOST = 30


def job_list(jobs: list[Job], label_of: Callable[[str, str], str]) -> list[Any]:
    """Newest first; `label_of(family, name)` says what a variant is called."""
    if not jobs:
        return [html.H2("Jobs"), html.P("No jobs yet. Jobs continue when this page or the server is closed.", className="soft")]
    newest = {_work(job): job.name for job in jobs}
    cards = [
        _card(job, label_of(job.request.family, job.request.variant), is_newest=newest[_work(job)] == job.name)
        for job in reversed(jobs[-MOST:])
    ]
    return [html.H2("Jobs"), *cards]


def _work(job: Job) -> tuple[str, str, str]:
    return job.request.kind, job.request.family, job.request.variant


def _card(job: Job, label: str, is_newest: bool) -> html.Article:
    head = [
        html.Strong([f"{VERBS[job.request.kind]} · ", _run(job, label)]),
        html.Span(job.state, className="state", **{"data-state": job.state}),
    ]
    parts: list[Any] = [html.Header(head)]
    if job.is_alive:
        parts.append(_bar(job))
    if job.state == "failed":
        parts.append(html.P(job.status.get("error", ""), className="problem"))
    parts += [html.Div([html.Span(_progress(job)), *_buttons(job, is_newest)], className="job-foot"), _log(job)]
    return html.Article(parts, className="job", **{"data-job": job.name})


def _run(job: Job, label: str) -> html.A:
    run = f"{job.request.family}/{job.request.variant}"
    return html.A(label, href=f"./?variant={quote(run)}", **{"data-open-run": run})


def _buttons(job: Job, is_newest: bool) -> list[html.Span]:
    """What can be done with a job: see `web/dashboard/job_cards.ts`. Only the newest of the same work goes on."""
    if job.is_alive:
        return [_cancel(job)]
    if is_newest and job.state in AGAIN:
        return [html.Span(_button(AGAIN[job.state], **{"data-continue-job": job.name}), title="Goes on from what was saved.")]
    return []


def _button(words: str, **attributes: Any) -> dmc.Button:
    return dmc.Button(words, size="compact-xs", variant="default", **attributes)


def _bar(job: Job) -> dmc.Progress:
    epochs = job.status.get("epochs", 0)
    share = 100 * job.status.get("epoch", 0) / epochs if epochs else 0
    return dmc.Progress(value=share, size="sm", **{"aria-label": "Progress"})


def _progress(job: Job) -> str:
    status = job.status
    if job.state == "queued":
        return "Waiting for earlier jobs"
    if "epoch" not in status:
        return "Starting" if job.is_alive else "Stopped before it started"
    unit = "checkpoint" if job.request.kind == "analyze" else "epoch"
    words = [f"{epoch_in_words(status['epoch']).replace('epoch', unit)} of {status['epochs']:,}"]
    losses = {kind: status.get(f"{kind}_loss") for kind in ("test", "train")}
    words += [f"{kind} loss {loss_in_words(loss)}" for kind, loss in losses.items() if loss is not None]
    if job.is_alive and status.get("seconds_left") is not None:
        words.append(f"{duration_in_words(status['seconds_left'])} left")
    if not job.is_alive:
        words.append(f"{datetime.fromtimestamp(status['updated']):%d %b, %H:%M}")
    return " · ".join(words)


def _cancel(job: Job) -> html.Span:
    """Where a job was asked to stop and does not, the button comes back, and then ends it at once."""
    words, hint = "Cancel", "Finishes the current step, then saves."
    if job.cancelled is not None:
        words = "Stopping"
    if job.is_stuck:
        words, hint = "End now", "It does not stop. What it saved last is kept, and can be continued."
    is_waiting = job.cancelled is not None and not job.is_stuck
    return html.Span(_button(words, disabled=is_waiting, **{"data-cancel-job": job.name}), title=hint)


def _log(job: Job) -> html.Details:
    """Its text is fetched once it is open."""
    return html.Details([html.Summary("Log"), html.Pre(tabIndex=0)], **{"data-log-of": job.name})
