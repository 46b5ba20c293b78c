"""Explore: all heads of one variant, with a slider over training."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.components import export_menu, fold_button, text_button, transport


def layout(context: DashboardContext) -> html.Div:  # noqa: ARG001 -- the contract of a page
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
            html.Div(id="figure", className="figure", hidden=True),
            _story(),
            html.Div(className="loss"),
            transport(text_button("note", texts.NOTE, texts.NOTE_HINT)),
        ],
        className="explore",
    )


def _story() -> html.Div:
    """The line that describes the shown epoch; `web/dashboard/story_line.ts` fills it."""
    more = text_button("guide", texts.GUIDE_LINK_SHORT, texts.GUIDE_HINT)
    return html.Div(
        [
            html.Span(id="story-words"),
            more,
            text_button("dismiss-story", texts.HIDE_STORY, texts.HIDE_STORY_HINT, **{"aria-label": texts.HIDE_STORY_HINT}),
        ],
        id="story",
        className="story",
        hidden=True,
    )


def _controls() -> html.Div:
    return html.Div(
        [
            fold_button(),
            html.Div(id="choices", className="choices"),
            export_menu(),
            html.Output(id="readout", className="readout"),
        ],
        className="controls",
    )
