"""The colour scales of the renderers, so that a canvas and a figure show the same picture."""

from __future__ import annotations

import numpy as np
from flask import Blueprint, Response, jsonify

from headlapse.dashboard.context import DashboardContext
from headlapse.visualization.colors import DIVERGING, SEQUENTIAL, color_scale


def blueprint(context: DashboardContext) -> Blueprint:  # noqa: ARG001 -- the contract of this package
    routes = Blueprint("colors", __name__)

    @routes.get("/data/colors")
    def colors() -> Response:
        stops = {name: color_scale(np.zeros(1), scale=name).stops for name in (*SEQUENTIAL, *DIVERGING)}
        return jsonify(stops=stops, sequential=SEQUENTIAL[0], diverging=DIVERGING[0])

    return routes
