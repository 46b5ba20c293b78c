"""The keys, as the help dialog lists them. What they do is in `web/core/keys.ts`."""

from __future__ import annotations

from dash import html

from headlapse.dashboard.pages.components import icon_button

SHORTCUTS = {
    ("←", "→"): "previous, next checkpoint",
    ("Shift ←", "Shift →"): "ten checkpoints back, ahead",
    ("Home", "End"): "first, last checkpoint",
    ("Space",): "play or pause",
    ("1", "…", "9"): "position attended to",
    ("H",): "one head large, or all heads",
    ("?",): "this list",
}


def dialog() -> html.Dialog:
    """Opened by `?`, closed by Escape."""
    rows = [
        html.Tr([html.Td([html.Kbd(key) for key in keys], className="keys"), html.Td(meaning)])
        for keys, meaning in SHORTCUTS.items()
    ]
    return html.Dialog(
        [
            html.Header([html.H2("Keyboard"), icon_button("close-help", "Close")]),
            html.Table(html.Tbody(rows)),
        ],
        id="help",
        **{"aria-label": "Keyboard shortcuts"},
    )
