"""Callbacks of Dash: one module per idea, each with `add(app, context)`. They are discovered, not listed."""

from __future__ import annotations

import importlib
import pkgutil

from dash import Dash

from headlapse.dashboard.context import DashboardContext


def add_callbacks(app: Dash, context: DashboardContext) -> None:
    """Add the callbacks of every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}").add(app, context)
