"""Jobs: start training and analysis, watch and cancel them."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.families.spec import FamilySpec, ParameterSpec
from headlapse.workbench.families import DEFAULT_FAMILY

REFRESH_MS = 1000


def layout(context: DashboardContext) -> html.Div:  # noqa: ARG001 -- the contract of a page
    return html.Div(id="react-entry-point")  # in which Dash draws form_and_list


def form_and_list(context: DashboardContext) -> html.Div:
    return html.Div(
        [
            html.Div([_form(context), html.Div(id="job-list", className="job-list")], className="jobs"),
            dcc.Interval(id="jobs-clock", interval=REFRESH_MS, disabled=True),
            dcc.Store(id="job-request"),
            dcc.Store(id="job-cancel"),
        ]
    )


def _form(context: DashboardContext) -> html.Section:
    families = context.variants.families
    names = families.names()
    options = [{"value": name, "label": families.get(name).spec.title} for name in names]
    return html.Section(
        [
            html.H2(texts.TRAIN),
            dmc.Select(id="job-family", label=texts.FAMILY, data=options, value=DEFAULT_FAMILY, allowDeselect=False),
            html.Div(id="job-fields", className="job-fields"),
            html.Div(id="job-message", className="job-message", role="status"),
            dmc.Button(texts.START_TRAINING, id="start-training"),
        ],
        className="job-form",
    )


def fields(spec: FamilySpec) -> list[dmc.TextInput | dmc.Select]:
    """One field per parameter, setting and schedule of a family."""
    return [_field(name, parameter) for name, parameter in parameters(spec).items()]


def parameters(spec: FamilySpec) -> dict[str, ParameterSpec]:
    """Everything that a training can be given."""
    schedule = {"epochs": spec.schedule.epochs, "checkpoint_every": spec.schedule.checkpoint_every}
    return {**spec.domain_parameters, **schedule, **spec.training.settings}


def words_of(setting: str) -> str:
    """What a setting is called on the page."""
    return texts.SETTINGS.get(setting, setting.replace("_", " "))


def _field(name: str, parameter: ParameterSpec) -> dmc.TextInput | dmc.Select:
    of_any_kind = {
        "id": {"type": "job-field", "name": name},
        "label": words_of(name),
        "description": parameter.description,
        "value": str(parameter.default),
        "size": "sm",
        "inputWrapperOrder": ["label", "input", "error", "description"],
    }
    if parameter.choices is not None:
        return dmc.Select(**of_any_kind, data=list(parameter.choices), allowDeselect=False)
    return dmc.TextInput(**of_any_kind, debounce=300)
