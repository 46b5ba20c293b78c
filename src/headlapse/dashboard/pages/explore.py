"""Explore: all heads of one variant, and training under the thumb."""

from __future__ import annotations

from dash import dcc, html

from headlapse.dashboard.pages.pieces import choice, transport
from headlapse.dashboard.services import Services


def layout(services: Services) -> html.Div:  # noqa: ARG001 -- the contract of a page
    """The screen of the heads, and below it the views that Python draws."""
    stores = [dcc.Store(id="moment"), dcc.Store(id="panels")]
    return html.Div([_screen(), html.Div(id="other-panels", className="other-panels"), *stores], className="explore-page")


def _screen() -> html.Div:
    return html.Div(
        [
            _controls(),
            html.Div(id="notice", className="notice", role="status", hidden=True),
            html.Div(
                [html.Div(id="heads", className="heads"), html.Div(id="color-bar", className="color-bar")],
                id="stage",
                className="stage",
                hidden=True,
            ),
            html.Div(className="loss"),
            transport(),
        ],
        className="explore",
    )


def _controls() -> html.Div:
    return html.Div(
        [
            html.Div(
                [
                    choice("pair", "Position pair", 230),
                    choice("color", "Colour range", 170),
                    choice("scale", "Colour scale", 120),
                    choice("origin", "Where a = 0 stands", 170),
                ],
                id="choices",
                className="choices",
            ),
            html.Output(id="readout", className="readout"),
        ],
        className="controls",
    )
