"""Requests to callbacks are checked against the callback's declaration, before Dash or the callback reads them."""

from __future__ import annotations

import json
from typing import Any

from dash import Dash
from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from headlapse.errors import InvalidValueError, UnknownNameError

RELOAD = "reload the page"
CALLBACKS = "/_dash-update-component"  # the address of requests to callbacks
ALL = ["ALL"]  # as Dash writes it in the identifiers of a callback
WILDCARDS = (ALL, ["MATCH"])


class _Part(BaseModel):
    """A property of a component; the callback checks its value."""

    model_config = ConfigDict(strict=True)

    id: str | dict[str, str | int]
    property: str


_Parts = list[_Part | list[_Part]]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)

    output: str
    outputs: _Part | _Parts
    inputs: _Parts
    state: _Parts = []
    changedPropIds: list[str]


def guard(app: Dash) -> None:
    """Refuse every callback request that no page of this server can have sent."""

    def check() -> None:
        if request.url_rule is not None and request.url_rule.rule == CALLBACKS:
            check_body(app, parsed_body())

    app.server.before_request(check)


def check_body(app: Dash, content: Any) -> None:
    """Raise `InvalidValueError` if `content` is no callback request, `UnknownNameError` if there is no such callback."""
    try:
        body = _Body.model_validate(content)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"])) or "it"
        raise InvalidValueError(f"not a request of this page: {field}: {problem['msg']}; {RELOAD}") from error
    declared = app.callback_map.get(body.output, {})
    if "callback" not in declared:
        raise UnknownNameError(f"this server computes nothing called {body.output[:80]!r}; {RELOAD}")
    outputs: _Parts = body.outputs if isinstance(body.outputs, list) else [body.outputs]
    wanted = declared["output"] if isinstance(declared["output"], list) else [declared["output"]]
    _check_parts("outputs", [output.to_dict() for output in wanted], outputs)
    _check_parts("inputs", declared["inputs"], body.inputs)
    _check_parts("state", declared["state"], body.state)
    if not all(_is_property(changed) for changed in body.changedPropIds):
        raise InvalidValueError(f"not a request of this page: changedPropIds names no property; {RELOAD}")


def parsed_body() -> Any:
    """The JSON of the request; None if it has none. Raises `InvalidValueError` if it is nested too deeply."""
    try:
        return request.get_json(silent=True)
    except RecursionError as error:
        raise InvalidValueError(f"not a request of this page: it is nested too deeply; {RELOAD}") from error


def _check_parts(kind: str, declared: list[dict[str, str]], given: _Parts) -> None:
    if len(declared) != len(given) or not all(_fits(*pair) for pair in zip(declared, given, strict=True)):
        raise InvalidValueError(f"not a request of this page: its {kind} are not those of the callback; {RELOAD}")


def _fits(declared: dict[str, str], given: _Part | list[_Part]) -> bool:
    """Whether `given` is the declared property: of one component, or of all components of a pattern."""
    pattern = json.loads(declared["id"]) if declared["id"].startswith("{") else declared["id"]
    many = isinstance(pattern, dict) and ALL in pattern.values()
    if many != isinstance(given, list):
        return False
    parts = given if isinstance(given, list) else [given]
    return all(part.property == declared["property"] and _matches(pattern, part.id) for part in parts)


def _matches(pattern: Any, given: Any) -> bool:
    if not isinstance(pattern, dict) or not isinstance(given, dict):
        return bool(pattern == given)
    return pattern.keys() == given.keys() and all(
        wanted in WILDCARDS or wanted == given[name] for name, wanted in pattern.items()
    )


def _is_property(changed: str) -> bool:
    """Whether `changed` is `component.property`; the component of a pattern is a JSON object."""
    component, dot, name = changed.rpartition(".")
    if not component.startswith("{"):
        return bool(component and dot and name)
    try:
        return isinstance(json.loads(component), dict)
    except (ValueError, RecursionError):
        return False
