"""What is on screen as a file, or as the Python that draws it. Drawn without a browser; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from headlapse.dashboard.arguments import whole_number
from headlapse.dashboard.context import DashboardContext
from headlapse.families.task_files import named_task_files
from headlapse.results.run import Run
from headlapse.visualization.views import ViewRegistry


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("export", __name__)

    @routes.get("/export/<family>/<name>")
    def export(family: str, name: str) -> Response:
        return draw(context.variants.variant(family, name), request.args)

    @routes.get("/export-compared")
    def compared() -> Response:
        from headlapse.export.comparison import draw_sides

        sides = [_side(context, text) for text in request.args.get("sides", "").split(",")]
        content = draw_sides(sides, request.args.get("theme", "auto"), **_options(sides[0][0], request.args))
        headers = {"Content-Disposition": 'attachment; filename="compared.png"'}
        return Response(content, mimetype="image/png", headers=headers)

    @routes.get("/data/python/<family>/<name>")
    def python(family: str, name: str) -> Response:
        from headlapse.export.api import frames_of
        from headlapse.export.code import as_python

        variant = context.variants.variant(family, name)
        frames = frames_of(variant, **_options(variant, request.args))
        text = as_python(frames, context.families, named_task_files(), request.args.get("theme", "auto"))
        return Response(text, mimetype="text/plain")

    return routes


def _side(context: DashboardContext, text: str) -> tuple[Run, int]:
    """A run and its epoch from such words as "family/name@100"."""
    identifier, _, epoch = text.rpartition("@")
    family, _, name = identifier.partition("/")
    return context.variants.variant(family, name), whole_number("epoch", epoch)


def draw(variant: Run, asked: Mapping[str, str]) -> Response:
    """The file asked for, as a download.

    `asked`: ending, view, theme, epoch (for still images), panel (all of them without), zoom, and the view's controls.
    """
    from headlapse.export.api import draw_view  # Pillow is not needed before
    from headlapse.export.formats import format_of

    ending = asked.get("ending", "")
    drawing = draw_view(variant, ending, theme=asked.get("theme", "auto"), **_options(variant, asked))
    headers = {"Content-Disposition": f'attachment; filename="{drawing.name}"'}
    return Response(drawing.content, mimetype=format_of(ending).mime, headers=headers)


def _options(variant: Run, asked: Mapping[str, str]) -> dict[str, Any]:
    """What `draw_view` takes."""
    chosen = ViewRegistry.get(asked.get("view", ""))
    controls = {control.name for control in (*chosen.aliases, *chosen.controls_of(variant.labels))}
    options: dict[str, Any] = {"choices": {name: value for name, value in asked.items() if name in controls}}
    options |= {name: whole_number(name, asked[name]) for name in ("panel", "epoch") if name in asked}
    if "epoch" in options:
        options["epochs"] = options.pop("epoch")
    return options | {"view": chosen.name} | ({"zoom": asked["zoom"]} if "zoom" in asked else {})
