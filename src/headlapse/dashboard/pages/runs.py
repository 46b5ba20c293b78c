"""Runs: all runs as a table that can be sorted, filtered and compared, two plots over them, and a wall of heads."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.components import icon_button, text_button


def layout(context: DashboardContext) -> html.Div:  # noqa: ARG001 -- the contract of a page
    parts = html.Div(
        [html.Div(id="run-list", className="run-list", tabIndex=0), _pictures()], id="run-parts", className="run-parts"
    )
    wall = html.Div(id="wall", className="wall", hidden=True)
    return html.Div([_controls(), parts, wall, trash_dialog()], className="runs")


def _controls() -> html.Div:
    return html.Div(
        [
            html.Span(id="run-search"),
            html.Span(id="run-words", className="run-words", role="status"),
            text_button("compare-runs", texts.COMPARE, texts.COMPARE_HINT, id="compare-runs", disabled=True),
            _actions(),
            text_button("show-trash", texts.TRASH, texts.TRASH_HINT, id="show-trash", hidden=True),
            text_button("wall", texts.WALL, texts.WALL_HINT, id="show-wall"),
            text_button("save-wall", "PNG", texts.SAVE_WALL_HINT, id="save-wall", hidden=True),
            html.A("CSV", href="./data/runs.csv", className="text-button", title=texts.TABLE_HINT, download="runs.csv"),
        ],
        className="controls",
    )


def trash_dialog() -> html.Dialog:
    """The deleted runs; `web/dashboard/trash.ts` fills it."""
    return html.Dialog(
        [
            html.Header([html.H2(texts.TRASH_TITLE), icon_button("close-trash", texts.CLOSE)]),
            html.P(role="status"),
            html.Table(html.Tbody()),
            text_button("empty-trash", texts.EMPTY_TRASH, texts.EMPTY_TRASH_HINT),
        ],
        id="trash",
        **{"aria-label": texts.TRASH_TITLE},
    )


def _actions() -> html.Span:
    """The actions on the selected runs."""
    buttons = [
        text_button("label-run", texts.LABEL, texts.LABEL_HINT, id="label-run"),
        text_button("tag-runs", texts.TAGS, texts.TAGS_HINT),
        text_button("hide-runs", texts.HIDE, texts.HIDE_HINT, id="hide-runs"),
        text_button("delete-runs", texts.DELETE, texts.DELETE_HINT),
    ]
    return html.Span(buttons, id="run-actions", className="run-actions", hidden=True)


def _pictures() -> html.Div:
    choices = [html.Label([words, html.Select(id=axis)], className="control") for axis, words in texts.PLOT_AXES.items()]
    return html.Div(
        [
            html.Div([*choices, text_button("save-plot", "SVG", texts.SAVE_PLOT_HINT)], className="choices"),
            html.Div(id="run-plot", className="run-plot"),
            html.Div(id="run-plot-words", className="run-plot-words"),
            html.Div(
                [html.Span(id="run-losses-words"), text_button("save-losses", "SVG", texts.SAVE_LOSSES_HINT)],
                className="run-losses-words",
            ),
            html.Div(id="run-losses", className="run-losses"),
        ],
        className="run-pictures",
    )
