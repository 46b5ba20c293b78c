"""The frame around every page. All pages are in the document; the address says which one is shown."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages import compare, explore, jobs, runs, shortcuts
from headlapse.dashboard.pages.components import icon_button
from headlapse.visualization import theme

PAGES = {
    "explore": ("/", "Explore", explore.layout),
    "compare": ("/compare", "Compare", compare.layout),
    "runs": ("/runs", "Runs", runs.layout),
    "jobs": ("/jobs", "Jobs", jobs.layout),
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


def shell(context: DashboardContext) -> dmc.MantineProvider:
    """The document."""
    pages = [
        html.Section(layout(context), id=f"page-{name}", className="page", hidden=name != "explore", **{"aria-label": title})
        for name, (_, title, layout) in PAGES.items()
    ]
    token = dcc.Store(id="token", data=context.token)
    changes = [dcc.Store(id="run-change"), html.Div(id="run-answer", hidden=True)]
    return dmc.MantineProvider(
        html.Div([token, *changes, top_bar(), *messages(), html.Main(pages, id="main"), shortcuts.dialog()], id="shell"),
        defaultColorScheme="auto",
        theme=THEME,
    )


def messages() -> list[html.Div]:
    """What the page says above all else; what is in them is made by the page."""
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
            html.Nav(links, className="page-links", **{"aria-label": "Pages"}),
            html.Div(id="variant-choice", className="variant-choice"),
            html.Span(id="variant-state", className="state", role="status"),
            icon_button("help", "Keyboard shortcuts"),
            dmc.ColorSchemeToggle(
                id="theme",
                lightIcon="☀",
                darkIcon="☾",
                variant="subtle",
                color="gray",
                **{"aria-label": "Light or dark"},
            ),
        ],
        className="top-bar",
    )
