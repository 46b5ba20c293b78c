"""The Dash application: a page shell from Mantine, data routes beside it, and the scrubbing in TypeScript (`web/dashboard`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dash import Dash

from headlapse import checks
from headlapse.dashboard import callback_validation as bodies
from headlapse.dashboard import security
from headlapse.dashboard.callbacks import add_callbacks
from headlapse.dashboard.compression import compress_answers
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.index import Page
from headlapse.dashboard.pages.shell import parts_of_dash
from headlapse.dashboard.prefix import check_prefix, serve_under
from headlapse.dashboard.routes import add_routes
from headlapse.dashboard.unknown_pages import refuse_unknown
from headlapse.dashboard.variant_index import VariantIndex
from headlapse.jobs import JobQueue
from headlapse.results.paths import check_results
from headlapse.workbench import FamilyRegistry


def create_app(
    results: str | Path, families: Sequence[str | Path] = (), access: security.Access | None = None, prefix: str = ""
) -> Dash:
    """The application over one results folder; `families` are folders with more family.json files.

    Addresses on the page begin with `prefix`. Raises `InvalidValueError` for an invalid prefix.
    """
    prefix = check_prefix(prefix)
    check_results(checks.path("results", results))
    results = checks.absolute_path("results", results)  # jobs and pages outlive the folder in which the server started
    folders = checks.several(checks.absolute_path, "families", families, "folders of families")
    variants = VariantIndex(results, FamilyRegistry(*folders))
    context = DashboardContext(variants, JobQueue(results), security.new_token(), [str(folder) for folder in folders])
    app = Page(context, prefix)
    app.layout = parts_of_dash(context)
    add_callbacks(app, context)
    add_routes(app.server, context)
    serve_under(app.server, prefix)
    compress_answers(app.server)
    security.protect(app.server, app.csp_hashes(), access)
    refuse_unknown(app.server)
    bodies.guard(app)
    return app
