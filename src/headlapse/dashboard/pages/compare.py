"""Compare: two to four variants at one moment of training."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.components import transport

MOST = 4


def layout(context: DashboardContext) -> html.Div:  # noqa: ARG001 -- the contract of a page
    bars = html.Div([_bar("compare-bar"), _bar("difference-bar")], className="bars")
    return html.Div(
        [
            _controls(),
            html.Div(id="compare-notice", className="notice", role="status", hidden=True),
            html.Div([html.Div(id="sides", className="sides"), bars], className="stage"),
            html.Div(className="loss"),
            transport(),
        ],
        className="explore compare",
    )


def _controls() -> html.Div:
    variants = dmc.MultiSelect(
        id="compared",
        data=[],
        maxValues=MOST,
        searchable=True,
        limit=60,
        size="xs",
        placeholder="Add a variant",
        nothingFoundMessage="No variant of that name",
        className="compared",
        **{"aria-label": "Variants to compare"},
    )
    return html.Div([variants, html.Div(id="compare-choices", className="choices")], className="controls")


def _bar(name: str) -> html.Div:
    return html.Div(id=name, className="color-bar")
