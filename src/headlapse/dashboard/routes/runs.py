"""All runs as a table: the rows that are ready, with a tag, so that a page that already has them gets no data."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.run_table import FOREVER, RunTable
from headlapse.workbench.table_csv import as_csv

SECONDS = 0.3  # then rows that are ready are sent, and the page asks for the others


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("runs", __name__)
    table = RunTable(context.variants)

    @routes.get("/data/runs")
    def runs() -> Response:
        shown = table.shown(SECONDS)
        columns = list(shown.rows[0]) if shown.rows else []
        answer = jsonify(columns=columns, rows=[list(row.values()) for row in shown.rows], left=shown.left)
        answer.set_etag(shown.tag)
        answer.make_conditional(request)
        return answer

    @routes.get("/data/runs.csv")
    def csv() -> Response:
        rows = [{name: value for name, value in row.items() if name != "id"} for row in table.shown(FOREVER).rows]
        headers = {"Content-Disposition": 'attachment; filename="runs.csv"'}
        return Response(as_csv(rows), mimetype="text/csv", headers=headers)

    return routes
