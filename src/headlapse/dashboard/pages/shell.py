"""The frame around every page. All pages are in the document; the address determines which one is shown.

`document` is plain HTML, which the browser has at once. `parts_of_dash` are drawn by Dash, in an element of the page
that needs them and is loaded then (`web/dashboard/dash.ts`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import dash_mantine_components as dmc
from dash import dcc, html

from headlapse.dashboard import texts
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages import compare, explore, guide, jobs, runs, shortcuts
from headlapse.dashboard.pages.components import icon_button
from headlapse.visualization import theme

Page = tuple[str, str, Callable[[DashboardContext], html.Div]]  # address, title, layout
PAGES: dict[str, Page] = {
    "explore": ("/", texts.PAGES["explore"], explore.layout),
    "compare": ("/compare", texts.PAGES["compare"], compare.layout),
    "runs": ("/runs", texts.PAGES["runs"], runs.layout),
    "jobs": ("/jobs", texts.PAGES["jobs"], jobs.layout),
}
_OF_DARK = theme.COLORS["dark"]
DARK = [
    *(_OF_DARK[name] for name in ("text", "soft", "faint")),
    "#5c6272",  # disabled
    *(_OF_DARK[name] for name in ("line", "grid", "raised", "page")),
    *("#101116", "#0c0d11"),  # pressed
]
THEME = {
    "colors": {"dark": DARK},  # text to background
    "primaryColor": "indigo",
    "primaryShade": 8,
    "defaultRadius": "sm",
    "fontFamily": theme.FONT,
}


def document(context: DashboardContext, pages: Mapping[str, Page] = PAGES) -> html.Div:
    """The body of the document."""
    sections = [
        html.Section(
            [html.H1(title, className="hidden-words"), layout(context)],
            id=f"page-{name}",
            className="page",
            hidden=name != "explore",
            **{"aria-label": title},
        )
        for name, (_, title, layout) in pages.items()
    ]
    return html.Div([top_bar(), *messages(), html.Main(sections, id="main"), shortcuts.dialog(), guide.dialog()], id="shell")


def parts_of_dash(context: DashboardContext) -> dmc.MantineProvider:
    """The layout of Dash: the jobs, and figures of views that only plotly draws."""
    token = dcc.Store(id="token", data=context.token)
    stores = [dcc.Store(id=name) for name in ("moment", "panels")]
    parts = [
        token,
        *stores,
        html.Div(id="other-panels", className="other-panels"),
        jobs.form_and_list(context),
    ]
    return dmc.MantineProvider(html.Div(parts, id="parts-of-dash"), defaultColorScheme="auto", theme=THEME)


def messages() -> list[html.Div]:
    """Messages above everything else; the page fills them."""
    return [html.Div(id=name, className=name, role="status", hidden=True) for name in ("banner", "remark")]


def top_bar() -> html.Header:
    """The links between pages, the choice of a variant, and the theme."""
    links = [
        html.A(title, href=f".{path}", id=f"link-{name}", className="page-link", **{"data-page": name})
        for name, (path, title, _) in PAGES.items()
    ]
    return html.Header(
        [
            html.A("headlapse", href="./", className="brand", **{"data-page": "explore"}),
            html.Nav(links, className="page-links", **{"aria-label": texts.PAGE_LINKS}),
            html.Div(id="variant-choice", className="variant-choice"),
            html.Span(id="variant-state", className="state", role="status"),
            icon_button("help", texts.SHORTCUTS),
            html.Button(id="theme", type="button", **{"aria-label": texts.THEME}),
        ],
        className="top-bar",
    )
