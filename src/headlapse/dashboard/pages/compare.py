"""Compare: two to four variants at one moment of training."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.components import fold_button, text_button, transport


def layout(context: DashboardContext) -> html.Div:  # noqa: ARG001 -- the contract of a page
    bars = html.Div([_bar("compare-bar"), _bar("difference-bar")], className="bars")
    return html.Div(
        [
            _controls(),
            html.Div(id="compare-notice", className="notice", role="status", hidden=True),
            html.Div([html.Div(id="sides", className="sides"), bars], className="stage"),
            html.Div(className="loss"),
            transport(text_button("export-compared", texts.SAVE_IMAGE, texts.SAVE_IMAGE_HINT, id="export-compared")),
        ],
        className="explore compare",
    )


def _controls() -> html.Div:
    variants = html.Div(id="compared-variants", className="compared")
    return html.Div([variants, fold_button(), html.Div(id="compare-choices", className="choices")], className="controls")


def _bar(name: str) -> html.Div:
    return html.Div(id=name, className="color-bar")
