"""Panels of views that only plotly draws: their Python renderer makes a figure of the epoch at which the slider rests.

The page's modules put the choices into the store `panels`, and this epoch into `moment`; the controls come from the view.
"""

from __future__ import annotations

from typing import Any, NotRequired

import dash_mantine_components as dmc
from dash import ALL, MATCH, Dash, Input, Output, State, dcc, html
from typing_extensions import TypedDict

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.panels import panels
from headlapse.dashboard.security import reads
from headlapse.errors import HeadlapseError
from headlapse.results.run import Run
from headlapse.visualization.views import ViewRegistry

Panel = dict[str, Any]


class Chosen(TypedDict):
    """The shown variant, as `family/name`, and the view."""

    variant: str
    view: str


class Moment(TypedDict):
    """The shown variant, as `family/name`, the epoch at rest, and the page's theme."""

    variant: str
    epoch: int
    theme: NotRequired[str | None]


def add(app: Dash, context: DashboardContext) -> None:
    @app.callback(Output("other-panels", "children"), Input("panels", "data"), prevent_initial_call=True)
    @reads
    def show_panel(chosen: Chosen) -> list[Any]:
        described = panels(_variant(context, chosen["variant"]))
        return [_panel(panel) for panel in described if panel["view"] == chosen["view"]]

    @app.callback(
        Output({"type": "figure", "view": MATCH}, "figure"),
        Output({"type": "problem", "view": MATCH}, "children"),
        Input("moment", "data"),
        Input({"type": "control", "view": MATCH, "name": ALL}, "value"),
        State({"type": "control", "view": MATCH, "name": ALL}, "id"),
        State({"type": "figure", "view": MATCH}, "id"),
    )
    @reads
    def draw(
        moment: Moment | None, values: list[str | None], controls: list[dict[str, str]], figure: dict[str, str]
    ) -> tuple[Any, str]:
        if moment is None:
            return {}, ""
        try:
            chosen = {control["name"]: value for control, value in zip(controls, values, strict=True)}
            drawn = render(_variant(context, moment["variant"]), figure["view"], moment["epoch"], chosen)
            return drawn.update_layout(_look(moment.get("theme"))), ""
        except Exception as error:  # noqa: BLE001 -- a renderer may be anybody's; the page says what it raised
            return {}, str(error) if isinstance(error, HeadlapseError) else f"{type(error).__name__}: {error}"


def render(variant: Run, view_name: str, epoch: int, chosen: dict[str, Any]) -> Any:
    """The figure of a view at an epoch. Raises a `FileStateError` if the artifact cannot be read."""
    view = ViewRegistry.get(view_name)
    arguments = view.arguments(chosen, variant.labels)
    return view.figure(view.arrays_of(variant, epoch, arguments), epoch, variant.labels, **arguments)


def _look(theme: str | None) -> dict[str, Any]:
    """The page's theme, for a figure that has its own."""
    look = {"paper_bgcolor": "rgba(0,0,0,0)", "autosize": True, "width": None, "height": None}
    return look | ({"template": "plotly_dark", "plot_bgcolor": "rgba(0,0,0,0)"} if theme == "dark" else {})


def _variant(context: DashboardContext, identifier: str) -> Run:
    family, _, name = identifier.partition("/")
    return context.variants.variant(family, name)


def _panel(panel: Panel) -> html.Section:
    view = panel["view"]
    if "problem" in panel:
        return html.Section([html.H2(panel["title"]), html.P(panel["problem"], className="problem")], className="other-panel")
    controls = [
        dmc.Select(
            id={"type": "control", "view": view, "name": control["name"]},
            data=[{"value": option["value"], "label": option["label"]} for option in control["options"]],
            value=control["options"][0]["value"],
            allowDeselect=False,
            size="xs",
            **{"aria-label": control["label"]},
        )
        for control in panel["controls"]
    ]
    return html.Section(
        [
            html.Div(controls, className="choices"),
            html.P(id={"type": "problem", "view": view}, className="problem", role="status"),
            dcc.Graph(id={"type": "figure", "view": view}, config={"displaylogo": False}, responsive=True),
        ],
        className="other-panel",
    )
