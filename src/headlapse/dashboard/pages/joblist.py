"""How a job looks in the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import html

from headlapse.jobs import Job
from headlapse.visualization.format import duration_in_words, epoch_in_words, loss_in_words

VERBS = {"train": "Training", "analyze": "Analysis"}
MOST = 30


def job_list(jobs: list[Job], logs: dict[str, str], label_of: Callable[[str, str], str]) -> list[Any]:
    """Newest first; `logs` has what failed jobs said."""
    if not jobs:
        return [html.H2("Jobs"), html.P("No job yet. Jobs go on when this page or the server is closed.", className="soft")]
    return [
        html.H2("Jobs"),
        *(
            _card(job, label_of(job.request.family, job.request.variant), logs.get(job.name, ""))
            for job in reversed(jobs[-MOST:])
        ),
    ]


def _card(job: Job, label: str, log: str) -> html.Article:
    head = [
        html.Strong(f"{VERBS[job.request.kind]} · {label}"),
        html.Span(job.state, className="state", **{"data-state": job.state}),
    ]
    parts: list[Any] = [html.Header(head)]
    if job.is_alive:
        parts += [_bar(job), html.Div([html.Span(_progress(job)), _cancel(job)], className="job-foot")]
    elif job.state == "failed":
        parts += [html.P(job.status.get("error", ""), className="problem"), _log(log)]
    else:
        parts.append(html.Div(html.Span(_progress(job)), className="job-foot"))
    return html.Article(parts, className="job", **{"data-job": job.name})


def _bar(job: Job) -> dmc.Progress:
    epochs = job.status.get("epochs", 0)
    share = 100 * job.status.get("epoch", 0) / epochs if epochs else 0
    return dmc.Progress(value=share, size="sm", **{"aria-label": "Progress"})


def _progress(job: Job) -> str:
    status = job.status
    if job.state == "queued":
        return "Waiting for earlier jobs"
    if "epoch" not in status:
        return "starts" if job.is_alive else "stopped before it began"
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
    asks = {"data-cancel-job": job.name}  # see web/dashboard/job_buttons.ts
    return html.Span(dmc.Button(words, size="compact-xs", variant="default", disabled=is_waiting, **asks), title=hint)


def _log(log: str) -> html.Details:
    return html.Details([html.Summary("Log"), html.Pre(log or "(no output)")])
