"""The layout of the pages as plain HTML, which the scripts of `web/site` and `web/dashboard` bring to life."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages import compare, explore, runs, shortcuts
from headlapse.dashboard.pages.shell import PAGES, messages, top_bar

SHOWN = {"explore": explore.layout, "compare": compare.layout, "runs": runs.layout}
TAGS = {"ColorSchemeToggle": "button"}  # others are called as their elements
LEFT_OUT = {"Store"}
LEFT_OUT_IDS = {"link-jobs"}
EMPTIED_IDS = {"export"}
NAMES = {"className": "class", "tabIndex": "tabindex", "htmlFor": "for"}
KEPT = {*NAMES, "id", "title", "href", "role", "hidden", "download", "type", "data-*", "aria-*"}
WITHOUT_END = {"input", "br"}


def skeleton(context: DashboardContext) -> str:
    """What stands in the body of the document."""
    pages = [
        f'<section id="page-{name}" class="page" aria-label="{PAGES[name][1]}"{"" if name == "explore" else " hidden"}>'
        f"{html_of(layout(context))}</section>"
        for name, layout in SHOWN.items()
    ]
    top, keys = html_of([top_bar(), *messages()]), html_of(shortcuts.dialog())
    return f'<div id="shell">{top}<main id="main">{"".join(pages)}</main>{keys}</div>'


def html_of(component: Any) -> str:
    """A component of Dash, with all that is inside, as HTML; texts are escaped."""
    if component is None:
        return ""
    if isinstance(component, list | tuple):
        return "".join(map(html_of, component))
    if isinstance(component, str | int | float):
        return escape(str(component), quote=False)
    described = component.to_plotly_json()
    kind, props = described["type"], described["props"]
    if kind in LEFT_OUT or props.get("id") in LEFT_OUT_IDS:
        return ""
    tag = TAGS.get(kind, kind.lower())
    start = f"<{tag}{_attributes(props)}>"
    inside = "" if props.get("id") in EMPTIED_IDS else html_of(props.get("children"))
    return start if tag in WITHOUT_END else f"{start}{inside}</{tag}>"


def _attributes(props: Mapping[str, Any]) -> str:
    parts = []
    for name, value in props.items():
        general = f"{name.split('-')[0]}-*" if "-" in name else name
        if not ({name, general} & KEPT) or value is None or value is False:
            continue
        text = "" if value is True else f'="{escape(_relative(name, str(value)))}"'
        parts.append(f" {NAMES.get(name, name)}{text}")
    return "".join(parts)


def _relative(name: str, value: str) -> str:
    """A site has one page under one address."""
    is_page = name == "href" and re.fullmatch(r"\./[a-z]+", value)
    return f"./?page={value[2:]}" if is_page else value
