"""One run at a glance, for its row in the table of runs."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.glances import Glances


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("glances", __name__)
    glances = Glances()

    @routes.get("/data/glances/<family>/<name>")
    def glance(family: str, name: str) -> Response:
        content = glances.of(context.variants.variant(family, name))
        answer = Response(content, mimetype="application/json")
        answer.set_etag(hashlib.sha256(content).hexdigest()[:16])
        answer.cache_control.no_cache = True
        answer.make_conditional(request)
        return answer

    return routes
