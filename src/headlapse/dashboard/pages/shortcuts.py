"""The sheet of keys; `web/dashboard/shortcuts.ts` fills it."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts
from headlapse.dashboard.pages.components import icon_button, text_button


def dialog() -> html.Dialog:
    """Opened by `?`, closed by Escape."""
    return html.Dialog(
        [
            html.Header([html.H2(texts.SHORTCUTS), icon_button("close-help", texts.CLOSE)]),
            html.Table(html.Tbody()),
            text_button("guide", texts.GUIDE_LINK, texts.GUIDE_HINT),
        ],
        id="help",
        **{"aria-label": texts.SHORTCUTS},
    )
