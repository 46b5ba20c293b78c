"""Jobs: the form, its validation, its start, and the list. Starting needs the token of this launch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dash import MATCH, Dash, Input, Output, State, html, no_update
from typing_extensions import TypedDict

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.job_requests import train_request
from headlapse.dashboard.pages.joblist import job_list
from headlapse.dashboard.pages.jobs import allowed_words, field_prefix, fields, parameters
from headlapse.dashboard.security import changes, reads, token_matches
from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.jobs import Job, Request, TrainRequest


class Field(TypedDict):
    """The identifier of a field of the form."""

    type: str
    name: str


class FilledIn(TypedDict):
    """The values of the form by field name, and when it was sent."""

    fields: dict[str, str]
    asked: int | float


def add(app: Dash, context: DashboardContext) -> None:
    @app.callback(Output("job-fields", "children"), Input("job-family", "value"))
    @reads
    def show_fields(family: str) -> list[Any]:
        return list(fields(context.variants.families.get(family).spec))

    @app.callback(
        Output({"type": "job-field", "name": MATCH}, "error"),
        Input({"type": "job-field", "name": MATCH}, "value"),
        State({"type": "job-field", "name": MATCH}, "id"),
        State("job-family", "value"),
    )
    @reads
    def validate(value: str, field: Field, family: str) -> str:
        return problem(context, family, field["name"], value)

    @app.callback(
        Output("job-message", "children"),
        Input("job-training", "data"),
        State("token", "data"),
        prevent_initial_call=True,
    )
    @changes
    def start_training(form: FilledIn | None, token: Any) -> Any:
        if form is None:
            return no_update
        answer = _submit(context, token, lambda: form_request(context, form["fields"]))
        return html.Span(answer.words, className="" if answer.is_started else "problem")

    @app.callback(Output("job-list", "children"), Input("jobs-clock", "n_intervals"))
    @reads
    def show_jobs(_ticks: int | None) -> list[Any]:
        return job_list(context.jobs.jobs(), context.variants.label)


def problem(context: DashboardContext, family: str, name: str, text: str) -> str:
    """The problem with a value, in words; empty if there is none."""
    parameter = parameters(context.variants.families.get(family).spec).get(name)
    if parameter is None:
        return ""
    try:
        parameter.parse(name, text)
    except InvalidValueError:
        return allowed_words(parameter)
    return ""


def form_request(context: DashboardContext, filled: Mapping[str, str]) -> TrainRequest:
    """The request of the form. Raises `InvalidValueError`, which refers to the marked fields if there are any."""
    family = filled.get("family", "")
    prefix = field_prefix(family)
    values = {name.removeprefix(prefix): text for name, text in filled.items() if name.startswith(prefix)}
    if values.keys() != parameters(context.variants.families.get(family).spec).keys():
        raise InvalidValueError(texts.NO_FIELDS_YET)
    wrong = [name for name, text in values.items() if problem(context, family, name, text)]
    if wrong:
        raise InvalidValueError(texts.MARKED_FIELDS[len(wrong) > 1])
    return train_request(context, family, values)


class Answer(NamedTuple):
    """The outcome of a request, in words."""

    is_started: bool
    words: str


def _submit(context: DashboardContext, token: Any, make: Callable[[], Request]) -> Answer:
    if not token_matches(token, context.token):
        return Answer(False, texts.STALE_PAGE)
    try:
        job: Job = context.jobs.submit(make())
    except HeadlapseError as error:
        return Answer(False, texts.NOT_STARTED.format(problem=error))
    return Answer(True, texts.STARTED.format(run=context.variants.label(job.request.family, job.request.variant)))
