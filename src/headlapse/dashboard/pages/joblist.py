"""The appearance of a job in the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import html

from headlapse.dashboard import texts
from headlapse.jobs import Job
from headlapse.visualization.format import duration_in_words, epoch_in_words, loss_in_words

MOST = 30


def job_list(jobs: list[Job], label_of: Callable[[str, str], str]) -> list[Any]:
    """The jobs, newest first; `label_of(family, name)` returns the label of a variant."""
    if not jobs:
        return [html.H2(texts.JOBS), html.P(texts.NO_JOBS, className="soft")]
    newest = {_work(job): job.name for job in jobs}
    cards = [
        _card(job, label_of(job.request.family, job.request.variant), is_newest=newest[_work(job)] == job.name)
        for job in reversed(jobs[-MOST:])
    ]
    return [html.H2(texts.JOBS), *cards]


def _work(job: Job) -> tuple[str, str, str]:
    return job.request.kind, job.request.family, job.request.variant


def _card(job: Job, label: str, is_newest: bool) -> html.Article:
    head = [
        html.Strong([f"{texts.JOB_KINDS[job.request.kind]} · ", _run(job, label)]),
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
    """The actions on a job: see `web/dashboard/job_cards.ts`. Only the newest job of the same work can continue."""
    if job.is_alive:
        return [_cancel(job)]
    if is_newest and job.state in texts.GO_ON:
        return [html.Span(_button(texts.GO_ON[job.state], **{"data-continue-job": job.name}), title=texts.GO_ON_HINT)]
    return []


def _button(words: str, **attributes: Any) -> dmc.Button:
    return dmc.Button(words, size="compact-xs", variant="default", **attributes)


def _bar(job: Job) -> dmc.Progress:
    epochs = job.status.get("epochs", 0)
    share = 100 * job.status.get("epoch", 0) / epochs if epochs else 0
    return dmc.Progress(value=share, size="sm", **{"aria-label": texts.PROGRESS})


def _progress(job: Job) -> str:
    status = job.status
    if job.state == "queued":
        return texts.QUEUED
    if "epoch" not in status:
        return texts.STARTING if job.is_alive else texts.NEVER_STARTED
    unit = "checkpoint" if job.request.kind == "analyze" else "epoch"
    words = [texts.OF_ALL.format(done=epoch_in_words(status["epoch"]).replace("epoch", unit), all=status["epochs"])]
    losses = {kind: status.get(f"{kind}_loss") for kind in ("test", "train")}
    words += [texts.LOSS.format(kind=kind, loss=loss_in_words(loss)) for kind, loss in losses.items() if loss is not None]
    if job.is_alive and status.get("seconds_left") is not None:
        words.append(texts.TIME_LEFT.format(duration=duration_in_words(status["seconds_left"])))
    if not job.is_alive:
        words.append(f"{datetime.fromtimestamp(status['updated']):%d %b, %H:%M}")
    return " · ".join(words)


def _cancel(job: Job) -> html.Span:
    """If a job was asked to stop and does not, the button comes back, and then ends it at once."""
    words, hint = texts.CANCEL, texts.CANCEL_HINT
    if job.cancelled is not None:
        words = texts.STOPPING
    if job.is_stuck:
        words, hint = texts.END_NOW, texts.END_NOW_HINT
    is_waiting = job.cancelled is not None and not job.is_stuck
    return html.Span(_button(words, disabled=is_waiting, **{"data-cancel-job": job.name}), title=hint)


def _log(job: Job) -> html.Details:
    """Its text is fetched when it is opened."""
    return html.Details([html.Summary(texts.JOB_LOG), html.Pre(tabIndex=0)], **{"data-log-of": job.name})
