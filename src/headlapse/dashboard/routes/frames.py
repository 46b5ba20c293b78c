"""Pictures of one view at many epochs; `dashboard/frames.py` describes the format."""

from __future__ import annotations

from flask import Blueprint, Response, request

from headlapse.dashboard.arguments import whole_number
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.frames import CODINGS, DTYPES, Question, pack
from headlapse.visualization.views import ViewRegistry

MAX_EPOCHS = 64


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("frames", __name__)

    @routes.get("/data/frames/<family>/<name>")
    def frames(family: str, name: str) -> Response:
        variant = context.variants.variant(family, name)
        return Response(pack(variant, question(request.args.to_dict())), mimetype="application/octet-stream")

    return routes


def question(asked: dict[str, str]) -> Question:
    """The question of an address; keys without a meaning of their own are values of the view's controls."""
    view = ViewRegistry.get(asked.pop("view", ""))
    epochs = _numbers("epochs", asked.pop("epochs", ""))[:MAX_EPOCHS]
    panels = _numbers("panels", asked.pop("panels")) if "panels" in asked else None
    size = max(1, whole_number("size", asked.pop("size"))) if "size" in asked else None
    dtype, coding = asked.pop("dtype", DTYPES[0]), asked.pop("coding", CODINGS[0])
    return Question(view, epochs, asked, dtype, panels, size, coding)


def _numbers(name: str, text: str) -> list[int]:
    return [whole_number(name, part) for part in text.split(",")]
