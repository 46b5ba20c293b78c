"""The runs in the trash, the newest first."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from headlapse.dashboard.context import DashboardContext
from headlapse.results.paths import trashed_runs


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("trash", __name__)

    @routes.get("/data/trash")
    def trash() -> Response:
        found = trashed_runs(context.variants.results)
        deleted = [
            {
                "token": token,
                "family": run.parent.name,
                "run": run.name,
                "label": context.variants.label(run.parent.name, run.name),
            }
            for token, run in sorted(found.items(), reverse=True)
        ]
        return jsonify(runs=deleted)

    return routes
