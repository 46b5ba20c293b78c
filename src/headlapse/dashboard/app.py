"""The Dash application: a page shell from Mantine, data routes beside it, and the scrubbing in TypeScript (`web/dashboard`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dash import Dash

from headlapse.dashboard import bodies, security
from headlapse.dashboard.callbacks import add_callbacks
from headlapse.dashboard.library import Library
from headlapse.dashboard.pages.shell import shell
from headlapse.dashboard.routes import add_routes
from headlapse.dashboard.services import Services
from headlapse.families import FamilyRegistry
from headlapse.jobs import JobQueue

STATIC = Path(__file__).parents[1] / "static" / "dashboard"


def create_app(
    results: str | Path, families: Sequence[str | Path] = (), access: security.Access | None = None
) -> Dash:
    """The application over one results folder; `families` are folders with more family.json files."""
    library = Library(Path(results), FamilyRegistry(*families))
    services = Services(library, JobQueue(Path(results)), security.new_token(), [str(folder) for folder in families])
    app = Dash(
        __name__,
        title="headlapse",
        update_title="",
        assets_folder=str(STATIC),
        serve_locally=True,
        suppress_callback_exceptions=True,
    )
    app.index_string = app.index_string.replace("<html>", '<html lang="en">')
    app.layout = shell(services)
    add_callbacks(app, services)
    add_routes(app.server, services)
    security.protect(app.server, app.csp_hashes(), access)
    bodies.guard(app)
    return app
