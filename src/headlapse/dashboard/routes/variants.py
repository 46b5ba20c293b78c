"""The list of variants, and all a page needs to know of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.panels import marks, panels
from headlapse.dashboard.variant_index import analysed_epochs, label_of
from headlapse.errors import BrokenFamilyError, FileStateError, MissingFileError
from headlapse.results.remedies import IMPORT_AGAIN
from headlapse.results.variant import Variant


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("variants", __name__)

    @routes.get("/data/variants")
    def variants() -> Response:
        broken = [{"name": family.name, "reason": family.reason} for family in context.variants.families.broken]
        return jsonify(variants=[entry.as_json() for entry in context.variants.entries()], broken=broken)

    @routes.get("/data/variants/<family>/<name>")
    def variant(family: str, name: str) -> Response:
        try:
            return jsonify(describe(context.variants.variant(family, name)))
        except (FileStateError, BrokenFamilyError) as error:  # a state of the results, not of the request
            return jsonify(id=f"{family}/{name}", state="unusable", problem=str(error))

    return routes


def describe(variant: Variant) -> dict[str, Any]:
    """Everything about a variant except its arrays and losses. Raises a `FileStateError` where there is nothing to be seen."""
    found = variant.run_state
    if variant.origin is not None and not found.epochs and not variant.artifacts.get_available_analyzers():
        raise MissingFileError(variant.paths.checkpoints, "holds no checkpoint", IMPORT_AGAIN)
    return {
        "id": f"{variant.family.name}/{variant.name}",
        "name": variant.name,
        "family": {"name": variant.family.name, "title": variant.family.spec.title},
        "label": label_of(variant.family.name, variant.name),
        "settings": dict(variant.settings),
        "state": found.state,
        "status": found.status,
        "epochs": found.epochs,
        "analysed": len(analysed_epochs(variant)),
        "unanalysed": [name for name in variant.family.spec.analyzers if not variant.artifacts.get_epochs(name)],
        "panels": panels(variant),
        "marks": marks(variant),
        **_losses(variant),
    }


def _losses(variant: Variant) -> dict[str, Any]:
    """How many there are; damaged ones hide no picture."""
    try:
        found = variant.losses
        return {"losses": len(found), "losses_problem": "", "checkpoint_losses": found.of_checkpoints or None}
    except FileStateError as error:
        return {"losses": 0, "losses_problem": str(error), "checkpoint_losses": None}
