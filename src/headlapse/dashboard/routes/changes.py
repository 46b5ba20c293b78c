"""Changes of runs by a page. They need the token of this launch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import ValidationError

from headlapse.dashboard import texts
from headlapse.dashboard.callback_validation import RELOAD, parsed_body
from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.housekeeping import Change, make
from headlapse.dashboard.security import token_matches
from headlapse.errors import InvalidValueError

TOKEN = "X-Headlapse-Token"


def blueprint(context: DashboardContext) -> Blueprint:
    routes = Blueprint("changes", __name__)

    @routes.post("/data/changes")
    def change() -> Response | tuple[Response, int]:
        if not token_matches(request.headers.get(TOKEN), context.token):
            return jsonify(error=texts.STALE_PAGE, state="restarted"), 403
        outcome = make(context, _change(parsed_body()))
        if outcome.error is not None and not outcome.done:
            raise outcome.error
        return jsonify(done=outcome.done, problem=str(outcome.error or ""))

    return routes


def _change(content: Any) -> Change:
    try:
        return Change.model_validate(content)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"])) or "it"
        raise InvalidValueError(f"not a change that this page makes: {field}: {problem['msg']}; {RELOAD}") from error
