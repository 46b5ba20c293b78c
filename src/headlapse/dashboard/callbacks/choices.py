"""Choices in Mantine controls are handed to the page's own modules; scrubbing needs no callback."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

from headlapse.dashboard.context import DashboardContext

CHOICES = ("variant", "compared")


def add(app: Dash, context: DashboardContext) -> None:  # noqa: ARG001 -- the contract of this package
    for choice in CHOICES:
        app.clientside_callback(
            ClientsideFunction("headlapse", "choose"),
            Output(choice, "id"),
            Input(choice, "value"),
            prevent_initial_call=True,
        )
