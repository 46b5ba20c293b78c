"""The bodies that the page posts to its callbacks, made from what the callbacks declare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dash import Dash, Input

FAMILY = "modulo_addition_1layer"
VIEW = "attention_entropy_grid"
NAMES = {  # that a pattern stands for, by its type
    "job-field": ["prime", "seed"],
    "control": ["to", "scale", "origin"],
}
Body = dict[str, Any]


def values(variant: str, token: str) -> dict[str, Any]:
    """What stands in the page's components and stores, by identifier, or by name or type where there are many."""
    return {
        "job-family": FAMILY,
        "job-field": "7",
        "job-training": {"fields": {"family": FAMILY}, "asked": 1_700_000_000_000},
        "token": token,
        "jobs-clock": 3,
        "panels": {"variant": variant, "view": VIEW},
        "moment": {"variant": variant, "epoch": 100, "theme": "dark"},
        "to": "2",
        "scale": "auto",
        "origin": "upper",
    }


def body(app: Dash, output: str, known: Mapping[str, Any]) -> Body:
    """What the page sends for the callback that is called `output`."""
    declared = app.callback_map[output]
    outputs = declared["output"]
    filled = [_fill(part.to_dict(), known)[0] for part in (outputs if isinstance(outputs, list) else [outputs])]
    inputs, state = ([_filled(part, known) for part in declared[kind]] for kind in ("inputs", "state"))
    first = inputs[0][0] if isinstance(inputs[0], list) else inputs[0]
    return {
        "output": output,
        "outputs": filled if isinstance(outputs, list) else filled[0],
        "inputs": inputs,
        "state": state,
        "changedPropIds": [str(Input(first["id"], first["property"]))],
    }


def all_bodies(app: Dash, variant: str, token: str) -> list[Body]:
    """One for every callback that runs on the server."""
    app._setup_server()
    served = [output for output, entry in app.callback_map.items() if "callback" in entry]
    return [body(app, output, values(variant, token)) for output in served]


def _filled(part: dict[str, str], known: Mapping[str, Any]) -> Any:
    """One property, or those of all that a pattern stands for."""
    found = _fill(part, known)
    return found if "ALL" in part["id"] else found[0]


def _fill(part: dict[str, str], known: Mapping[str, Any]) -> list[Body]:
    prop = part["property"]
    return [
        {"id": identifier, "property": prop, "value": identifier if prop == "id" else _value(identifier, known)}
        for identifier in _identifiers(part["id"])
    ]


def _value(identifier: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(identifier, dict):
        return known.get(identifier.get("name", ""), known.get(identifier["type"]))
    return known.get(identifier)


def _identifiers(declared: str) -> list[Any]:
    if not declared.startswith("{"):
        return [declared]
    pattern = json.loads(declared)
    fixed = {name: VIEW if name == "view" else value for name, value in pattern.items()}
    own = [name for name, value in fixed.items() if isinstance(value, list)]
    return [{**fixed, **dict.fromkeys(own, given)} for given in NAMES.get(pattern["type"], [""])]
