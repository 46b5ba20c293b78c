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
            dcc.Store(id="job-training"),
        ]
    )


def _form(context: DashboardContext) -> html.Form:
    """The form; `web/dashboard/job_form.ts` sends it with the current values of its fields."""
    families = context.variants.families
    names = families.names()
    options = [{"value": name, "label": families.get(name).spec.title} for name in names]
    return html.Form(
        [
            html.H2(texts.TRAIN),
            dmc.Select(
                id="job-family", name="family", label=texts.FAMILY, data=options, value=DEFAULT_FAMILY, allowDeselect=False
            ),
            html.Div(id="job-fields", className="job-fields"),
            dmc.Button(texts.START_TRAINING, buttonProps={"type": "submit"}),
            html.Div(id="job-message", className="job-message", role="status"),
        ],
        id="job-form",
        className="job-form",
    )


def fields(spec: FamilySpec) -> list[dmc.TextInput | dmc.Select]:
    """One field per parameter, setting and schedule of a family."""
    return [_field(spec.name, name, parameter) for name, parameter in parameters(spec).items()]


def parameters(spec: FamilySpec) -> dict[str, ParameterSpec]:
    """All arguments of a training."""
    schedule = {"epochs": spec.schedule.epochs, "checkpoint_every": spec.schedule.checkpoint_every}
    return {**spec.domain_parameters, **schedule, **spec.training.settings}


def words_of(setting: str) -> str:
    """The name of a setting on the page."""
    return texts.SETTINGS.get(setting, setting.replace("_", " "))


def field_prefix(family: str) -> str:
    """The prefix of the names of a family's fields in the form."""
    return f"{family}/"


def allowed_words(parameter: ParameterSpec) -> str:
    """The allowed values, as a sentence under the field."""
    if parameter.choices is not None:
        return texts.ONE_OF.format(choices=", ".join(parameter.choices))
    number = texts.NUMBERS[parameter.type]
    if parameter.minimum is not None and parameter.maximum is not None:
        return texts.FROM_TO.format(number=number, least=_digits(parameter.minimum), most=_digits(parameter.maximum))
    bounds = {words: getattr(parameter, name) for name, words in texts.LIMITS.items()}
    limits = [words.format(bound=_digits(bound)) for words, bound in bounds.items() if bound is not None]
    return ", ".join(filter(None, [number, texts.BOTH_LIMITS.join(limits)]))


def _digits(bound: int | float) -> str:
    return f"{bound:,}" if isinstance(bound, int) else f"{bound:g}"


def _hint(label: str, description: str) -> str:
    """The description without the label, which many begin with."""
    return "" if description == label else description.removeprefix(f"{label}; ")


def _field(family: str, name: str, parameter: ParameterSpec) -> dmc.TextInput | dmc.Select:
    of_any_kind = {
        "id": {"type": "job-field", "name": name},
        "name": field_prefix(family) + name,
        "label": words_of(name),
        "description": _hint(words_of(name), parameter.description),
        "value": str(parameter.default),
        "size": "sm",
        "inputWrapperOrder": ["label", "input", "error", "description"],
    }
    if parameter.choices is not None:
        return dmc.Select(**of_any_kind, data=list(parameter.choices), allowDeselect=False)
    return dmc.TextInput(**of_any_kind, debounce=300)
