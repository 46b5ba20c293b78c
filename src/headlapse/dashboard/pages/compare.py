"""Compare: two to four variants at one epoch."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.components import export_menu, fold_button, transport


def layout(context: DashboardContext) -> html.Div:  # noqa: ARG001 -- the contract of a page
    return html.Div(
        [
            _controls(),
            html.Div(id="compare-notice", className="notice", role="status", hidden=True),
            html.Div(className="stage"),
            html.Div(className="loss"),
            transport(),
        ],
        className="explore compare",
    )


def _controls() -> html.Div:
    variants = html.Div(id="compared-variants", className="compared")
    choices = html.Div(id="compare-choices", className="choices")
    return html.Div([variants, fold_button(), choices, export_menu(texts.EXPORT_SIDES, "compare-")], className="controls")
