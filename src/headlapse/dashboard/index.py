"""The document for the browser: the pages as HTML and our own script. The scripts of Dash wait in a template until needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import Dash
from flask import request

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.markup import Markup
from headlapse.dashboard.pages.shell import document

STATIC = Path(__file__).parents[1] / "static" / "dashboard"
FIRST = ("data/colors", "data/variants")  # data that a page requests at once
FIRST_OF = {"/runs": ("data/colors", "data/runs")}  # the list of variants comes after the table, which needs the same work
ICON = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 2'><rect width='2' height='2' fill='%2321918c'/>"
    "<rect width='1' height='1' fill='%23440154'/><rect x='1' y='1' width='1' height='1' fill='%23fde725'/></svg>"
)
INDEX = """<!doctype html>
<html lang="en" data-prefix="{prefix}" data-token="{token}">
<head>
{metas}
<title>{title}</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{style}">
{preloads}
<script src="{script}"></script>
</head>
<body>
{body}
<template id="dash">{config}{scripts}{renderer}</template>
</body>
</html>
"""


class Page(Dash):  # type: ignore[misc]  # Dash has no types
    """Dash with our own index."""

    def __init__(self, context: DashboardContext, prefix: str) -> None:
        self._prefix = prefix
        self._token = context.token
        self._body = Markup().html(document(context))
        super().__init__(
            "headlapse.dashboard",
            title="headlapse",
            update_title="",
            assets_folder=str(STATIC),
            assets_ignore=".*",  # the index names them itself
            requests_pathname_prefix=f"{prefix}/",
            routes_pathname_prefix="/",
            serve_locally=True,
            suppress_callback_exceptions=True,
        )

    def interpolate_index(self, **parts: Any) -> str:
        """The document around the `parts` that Dash makes."""
        preloads = (
            f'<link rel="preload" href="{self._prefix}/{path}" as="fetch" crossorigin>'
            for path in FIRST_OF.get(request.path, FIRST)
        )
        own = {
            "icon": ICON,
            "style": self._asset("dashboard.css"),
            "script": self._asset("dashboard.js"),
            "preloads": "\n".join(preloads),
        }
        return INDEX.format(prefix=self._prefix, token=self._token, body=self._body, **own, **parts)

    def _asset(self, name: str) -> str:
        """Its address, which changes with the file."""
        return f"{self._prefix}/assets/{name}?m={(STATIC / name).stat().st_mtime_ns}"
