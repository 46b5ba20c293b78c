"""The picture on screen as a file, or as the Python code that draws it. It is drawn without a browser; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from headlapse.dashboard.arguments import whole_number
from headlapse.dashboard.context import DashboardContext
from headlapse.families.task_files import named_task_files
from headlapse.results.run import Run
from headlapse.visualization.views import ViewRegistry

if TYPE_CHECKING:
    from headlapse.export.api import Drawing
    from headlapse.export.comparison import Side


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("export", __name__)

    @routes.get("/export/<family>/<name>")
    def export(family: str, name: str) -> Response:
        return draw(context.variants.variant(family, name), request.args)

    @routes.get("/export/compared")
    def compared() -> Response:
        from headlapse.export.comparison import draw_compared

        sides = _sides(context, request.args)
        ending, theme = request.args.get("ending", ""), request.args.get("theme", "auto")
        return _download(draw_compared(sides, ending, theme=theme, **_compared(sides, request.args)), ending)

    @routes.get("/data/python/<family>/<name>")
    def python(family: str, name: str) -> Response:
        from headlapse.export.asked import frames_of
        from headlapse.export.code import as_python

        variant = context.variants.variant(family, name)
        frames = frames_of(variant, **_options(variant, request.args))
        return _text(as_python(frames, context.families, named_task_files(), request.args.get("theme", "auto")))

    @routes.get("/data/python/compared")
    def python_compared() -> Response:
        from headlapse.export.code import compared_as_python
        from headlapse.export.comparison import compared

        sides = _sides(context, request.args)
        shown = compared(sides, **_compared(sides, request.args))
        return _text(compared_as_python(shown, context.families, named_task_files(), request.args.get("theme", "auto")))

    return routes


def draw(variant: Run, asked: Mapping[str, str]) -> Response:
    """The requested file, as a download.

    `asked`: ending, view, theme, epoch (for still images), panel (default: all), zoom, and the view's controls.
    """
    from headlapse.export.api import draw_view  # Pillow is only needed here

    ending = asked.get("ending", "")
    return _download(draw_view(variant, ending, theme=asked.get("theme", "auto"), **_options(variant, asked)), ending)


def _download(drawing: Drawing, ending: str) -> Response:
    from headlapse.export.formats import format_of

    headers = {"Content-Disposition": f'attachment; filename="{drawing.name}"'}
    return Response(drawing.content, mimetype=format_of(ending).mime, headers=headers)


def _text(python: str) -> Response:
    return Response(python, mimetype="text/plain")


def _sides(context: DashboardContext, asked: Mapping[str, str]) -> list[Side]:
    """Runs from text such as "family/name,family/name@100"; a run with an epoch stays at it."""
    from headlapse.export.comparison import Side

    found = []
    for text in asked.get("sides", "").split(","):
        run, _, epoch = text.partition("@")
        family, _, name = run.partition("/")
        found.append(Side(context.variants.variant(family, name), whole_number("epoch", epoch) if epoch else None))
    return found


def _compared(sides: Sequence[Side], asked: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of `compared`."""
    return {**_options(sides[0].variant, asked), "align": asked.get("align", "epoch")}


def _options(variant: Run, asked: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of `draw_view`."""
    chosen = ViewRegistry.get(asked.get("view", ""))
    controls = {control.name for control in (*chosen.aliases, *chosen.controls_of(variant.labels))}
    options: dict[str, Any] = {"choices": {name: value for name, value in asked.items() if name in controls}}
    options |= {name: whole_number(name, asked[name]) for name in ("panel", "epoch") if name in asked}
    if "epoch" in options:
        options["epochs"] = options.pop("epoch")
    return options | {"view": chosen.name} | ({"zoom": asked["zoom"]} if "zoom" in asked else {})
