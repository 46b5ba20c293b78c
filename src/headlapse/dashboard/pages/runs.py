"""Runs: all of them as a table, which can be sorted, filtered and compared, two pictures across them, and a wall of heads."""

from __future__ import annotations

from dash import html

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.components import icon_button, text_button

AXES = {"plot-y": "Plot", "plot-x": "against", "plot-by": "grouped by"}


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
            text_button("compare-runs", "compare the chosen", "Open the chosen runs side by side", id="compare-runs"),
            _actions(),
            text_button(
                "show-trash", "trash", "Deleted runs: put them back, or delete them for good", id="show-trash", hidden=True
            ),
            text_button("wall", "wall of heads", "The heads of these runs side by side", id="show-wall"),
            text_button("save-wall", "PNG", "Save the wall as an image", id="save-wall", hidden=True),
            html.A(
                "CSV", href="./data/runs.csv", className="text-button", title="The whole table as a file", download="runs.csv"
            ),
        ],
        className="controls",
    )


def trash_dialog() -> html.Dialog:
    """The deleted runs; `web/dashboard/trash.ts` fills it."""
    return html.Dialog(
        [
            html.Header([html.H2("Trash"), icon_button("close-trash", "Close")]),
            html.P(role="status"),
            html.Table(html.Tbody()),
            text_button("empty-trash", "Empty the trash", "Delete these runs for good"),
        ],
        id="trash",
        **{"aria-label": "Trash"},
    )


def _actions() -> html.Span:
    """What can be done with the chosen runs."""
    buttons = [
        text_button("label-run", "label", "A name for the chosen run, in place of that of its folder", id="label-run"),
        text_button("tag-runs", "tags", "Tags of the chosen runs, separated by commas"),
        text_button(
            "hide-runs", "hide", "Leave the chosen runs out of the table; the filter “hidden” shows them", id="hide-runs"
        ),
        text_button("delete-runs", "delete", "Move the chosen runs to the trash"),
    ]
    return html.Span(buttons, id="run-actions", className="run-actions", hidden=True)


def _pictures() -> html.Div:
    choices = [html.Label([words, html.Select(id=axis)], className="control") for axis, words in AXES.items()]
    return html.Div(
        [
            html.Div([*choices, text_button("save-plot", "SVG", "Save this plot")], className="choices"),
            html.Div(id="run-plot", className="run-plot"),
            html.Div(id="run-plot-words", className="run-plot-words"),
            html.Div(
                [html.Span(id="run-losses-words"), text_button("save-losses", "SVG", "Save the chart of test losses")],
                className="run-losses-words",
            ),
            html.Div(id="run-losses", className="run-losses"),
        ],
        className="run-pictures",
    )
