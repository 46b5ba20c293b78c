"""The colour scales of the renderers, so that a canvas and a figure show the same picture."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from headlapse.dashboard.context import DashboardContext
from headlapse.visualization import wire


def blueprint(context: DashboardContext) -> Blueprint:  # noqa: ARG001 -- the contract of this package
    routes = Blueprint("colors", __name__)

    @routes.get("/data/colors")
    def colors() -> Response:
        return jsonify(wire.scales())

    return routes
