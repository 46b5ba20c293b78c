"""How to read the pictures; `web/dashboard/guide.ts` loads it on demand."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts
from headlapse.dashboard.pages.components import icon_button, text_button


def dialog() -> html.Dialog:
    """The dialog, opened from the sheet of keys and from the line under the heads, closed by Escape."""
    return html.Dialog(
        [
            html.Header([html.H2(texts.GUIDE), icon_button("close-guide", texts.CLOSE)]),
            html.Div(className="guide-content", tabIndex=0, role="region", **{"aria-label": texts.GUIDE_PARTS}),
            text_button("show-story", texts.SHOW_STORY, texts.SHOW_STORY_HINT),
        ],
        id="guide",
        **{"aria-label": texts.GUIDE},
    )
