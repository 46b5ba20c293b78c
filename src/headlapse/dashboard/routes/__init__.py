"""Data for the page: one module per idea, each with `blueprint(context)`. They are discovered, not listed."""

from __future__ import annotations

import importlib
import pkgutil

from dash.exceptions import DependencyException
from flask import Flask, Response, current_app, jsonify
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from headlapse.dashboard.context import DashboardContext
from headlapse.errors import BusyError, FileStateError, HeadlapseError, InvalidValueError, OutOfRangeError, UnknownNameError
from headlapse.system import refusals

_STATUS = {UnknownNameError: 404, OutOfRangeError: 404, InvalidValueError: 400, FileStateError: 409, BusyError: 409}


def add_routes(server: Flask, context: DashboardContext) -> None:
    """Register the blueprint of every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        server.register_blueprint(importlib.import_module(f"{__name__}.{module.name}").blueprint(context))
    server.register_error_handler(HeadlapseError, _explain)
    server.register_error_handler(DependencyException, lambda _: (jsonify(error="there is no such file", state="missing"), 404))
    server.register_error_handler(Exception, _admit)


def _explain(error: HeadlapseError) -> tuple[Response, int]:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 503)
    return jsonify(error=str(error), state=getattr(error, "state", "failed")), status


def _admit(error: Exception) -> AnyResponse | tuple[Response, int]:
    """The boundary of routes and callbacks: an unexpected error goes into the log; the page only learns that it happened."""
    if isinstance(error, HTTPException):
        return error.get_response()
    if refusals.is_out_of_memory(error):
        return jsonify(error=refusals.in_words(error), state="failed"), 503
    current_app.logger.error("unexpected error", exc_info=error)
    return jsonify(error=f"unexpected {type(error).__name__}; the server's log says more", state="failed"), 500
