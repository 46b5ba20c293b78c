"""The list of variants, and everything a page needs to know about one."""

from __future__ import annotations

import shlex
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.known_marks import marks
from headlapse.dashboard.panels import panels
from headlapse.dashboard.stamps import Stamps
from headlapse.dashboard.variant_index import analysed_epochs, shown_label, unanalysed
from headlapse.errors import BrokenFamilyError, FileStateError, MissingFileError, UnknownNameError
from headlapse.families.task_files import named_task_files
from headlapse.results.notes import Notes, read_notes
from headlapse.results.remedies import TRAIN_FIRST
from headlapse.results.run import Run
from headlapse.visualization import scalar_curves, story


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("variants", __name__)

    @routes.get("/data/variants")
    def variants() -> Response:
        broken = [{"name": family.name, "reason": family.reason} for family in context.variants.families.broken]
        entries = [entry.as_json() for entry in context.variants.entries()]
        command = _command(context)
        answer = jsonify(variants=entries, broken=broken, command=command, short_names=context.variants.short_names())
        answer.add_etag()
        answer.make_conditional(request)
        return answer

    @routes.get("/data/variants/<family>/<name>")
    def variant(family: str, name: str) -> Response:
        try:
            return jsonify(describe(context.variants.variant(family, name)))
        except (FileStateError, BrokenFamilyError, UnknownNameError) as error:  # a problem of the results, not of the request
            return jsonify(id=f"{family}/{name}", state="unusable", problem=str(error))

    return routes


def _command(context: DashboardContext) -> str:
    """The command that starts this server, without secrets."""
    port, prefix = request.environ["SERVER_PORT"], current_app.config["APPLICATION_ROOT"]
    families = [word for folder in context.families for word in ("--families", folder)]
    tasks = [word for file in named_task_files() for word in ("--task-file", file)]
    results = str(context.variants.results.absolute())
    more = [*(["--prefix", prefix] if prefix else []), *families, *tasks]
    return shlex.join(["headlapse", "dashboard", "--results", results, "--port", port, *more])


def describe(variant: Run) -> dict[str, Any]:
    """Everything about a variant except its arrays and losses. Raises a `FileStateError` if there is nothing to show."""
    found = variant.run_state
    if not (found.epochs or variant.is_untrained or variant.artifacts.get_available_analyzers()):
        remedy = variant.suited_remedy(TRAIN_FIRST)
        raise MissingFileError(variant.paths.checkpoints, "holds no checkpoint", remedy)
    told, stamps = story.facts(variant), Stamps(variant)
    return {
        "id": f"{variant.family_name}/{variant.name}",
        "name": variant.name,
        "family": {"name": variant.family_name, "title": variant.title},
        "label": shown_label(variant),
        "settings": dict(variant.settings),
        "state": found.state,
        "status": found.status,
        "epochs": found.epochs,
        "analysed": len(analysed_epochs(variant)),
        "unanalysed": unanalysed(variant),
        "grokked_at": told["grokked_at"],
        "panels": panels(variant, stamps),
        "marks": marks(variant, stamps),
        "story": told,
        **_notes(variant),
        "scalars": scalar_curves.stamp(variant),
        **_losses(variant),
    }


def _notes(variant: Run) -> dict[str, Any]:
    """Its notes; an unreadable file hides no picture."""
    try:
        return {"notes": read_notes(variant.paths).as_json(), "notes_problem": ""}
    except FileStateError as error:
        return {"notes": Notes().as_json(), "notes_problem": str(error)}


def _losses(variant: Run) -> dict[str, Any]:
    """The number of losses; damaged ones hide no picture."""
    try:
        found = variant.losses
        return {"losses": len(found), "losses_problem": "", "checkpoint_losses": found.of_checkpoints or None}
    except FileStateError as error:
        return {"losses": 0, "losses_problem": str(error), "checkpoint_losses": None}
