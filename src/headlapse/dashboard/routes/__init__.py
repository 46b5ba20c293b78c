"""What the page fetches: one module per idea, each with `blueprint(services)`; all of them are found, none is listed."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask, Response, jsonify

from headlapse.dashboard.services import Services
from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError, UnknownNameError

_STATUS = {UnknownNameError: 404, InvalidValueError: 400, FileStateError: 409}


def add_routes(server: Flask, services: Services) -> None:
    """Register the blueprint of every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        server.register_blueprint(importlib.import_module(f"{__name__}.{module.name}").blueprint(services))
    server.register_error_handler(HeadlapseError, _explain)


def _explain(error: HeadlapseError) -> tuple[Response, int]:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 503)
    return jsonify(error=str(error), state=getattr(error, "state", "failed")), status
