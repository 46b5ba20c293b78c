"""The logs of jobs, as text."""

from __future__ import annotations

from flask import Blueprint, Response

from headlapse.dashboard.context import DashboardContext


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("jobs", __name__)

    @routes.get("/data/jobs/<name>/log")
    def log(name: str) -> Response:
        return Response(context.jobs.log(name), mimetype="text/plain")

    return routes
