"""Files of what is on screen: an image, a time-lapse, or a page of its own. Drawn without a browser; nothing is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from headlapse.dashboard.arguments import whole_number
from headlapse.dashboard.context import DashboardContext
from headlapse.results.run import Run
from headlapse.visualization.views import ViewRegistry


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("export", __name__)

    @routes.get("/export/<family>/<name>")
    def export(family: str, name: str) -> Response:
        return draw(context.variants.variant(family, name), request.args.to_dict())

    return routes


def draw(variant: Run, asked: dict[str, str]) -> Response:
    """The file asked for, as a download.

    `asked`: ending, view, theme, epoch (for still images), panel (all of them without), and the view's controls.
    """
    from headlapse.export.api import draw_view  # Pillow is not needed before
    from headlapse.export.formats import format_of

    ending, view = asked.get("ending", ""), asked.get("view", "")
    chosen = ViewRegistry.get(view)
    controls = {control.name for control in (*chosen.aliases, *chosen.controls_of(variant.labels))}
    options: dict[str, Any] = {"choices": {name: value for name, value in asked.items() if name in controls}}
    if "panel" in asked:
        options["panel"] = whole_number("panel", asked["panel"])
    if "epoch" in asked:
        options["epochs"] = whole_number("epoch", asked["epoch"])
    drawing = draw_view(variant, ending, view=view, theme=asked.get("theme", "auto"), **options)
    headers = {"Content-Disposition": f'attachment; filename="{drawing.name}"'}
    return Response(drawing.content, mimetype=format_of(ending).mime, headers=headers)
