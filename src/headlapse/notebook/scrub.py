"""Scrub through training inside a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from headlapse import checks
from headlapse.export.api import draw_view
from headlapse.export.timelapse import available_epochs
from headlapse.extras import is_installed, need
from headlapse.visualization.views import ViewRegistry

if TYPE_CHECKING:
    from headlapse.results.run import Run


def scrub(variant: Run, view: str = "attention_heads_grid", *, widget: bool | None = None) -> Any:
    """A slider over the epochs of `variant` above its heads; works in Jupyter, VS Code and marimo, without network.

    With anywidget (the extra `notebook`), the kernel sends frames as they are needed. Without it, or with `widget=False`,
    everything is put into an offline page that needs no kernel. Raises a `HeadlapseError` if the view has nothing to show.

    >>> scrub(variant, "attention_entropy_grid", widget=False)
    <scrubbing page, ... characters>
    """
    chosen = ViewRegistry.get(view)
    checks.optional(checks.flag, "widget", widget)
    epochs = available_epochs(variant, chosen)
    if not (is_installed("anywidget") if widget is None else widget):
        return ScrubPage(draw_view(variant, ".html", view=view).content.decode())
    need("anywidget", otherwise="or leave out widget=True")
    from headlapse.notebook.widget import ScrubWidget

    return ScrubWidget.of(variant, chosen, epochs)


class ScrubPage:
    """The offline page of a time-lapse, as a notebook shows it."""

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        style = "width:100%;height:640px;border:0"
        return f'<iframe srcdoc="{escape(self.html)}" style="{style}" sandbox="allow-scripts"></iframe>'

    def __repr__(self) -> str:
        return f"<scrubbing page, {len(self.html):,} characters>"
