"""Losses of a run as little-endian float32 pairs (train, test), from any epoch on: a live run sends only new ones."""

from __future__ import annotations

import numpy as np
from flask import Blueprint, Response, request

from headlapse.dashboard.arguments import whole_number
from headlapse.dashboard.context import DashboardContext


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("losses", __name__)

    @routes.get("/data/losses/<family>/<name>")
    def losses(family: str, name: str) -> Response:
        journal = context.variants.variant(family, name).losses
        start = whole_number("from", request.args.get("from", "0"))
        pairs = np.stack([journal.train, journal.test], axis=1)[start:].astype("<f4")
        return Response(pairs.tobytes(), mimetype="application/octet-stream")

    return routes
