"""Scalars of a run besides its losses."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from headlapse.dashboard.context import DashboardContext
from headlapse.visualization.scalar_curves import curves


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("scalars", __name__)

    @routes.get("/data/scalars/<family>/<name>")
    def scalars(family: str, name: str) -> Response:
        return jsonify(scalars=curves(context.variants.variant(family, name)))

    return routes
