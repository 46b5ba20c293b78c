"""Dash callbacks. Scrubbing needs none: choices are handed to the page's own modules."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

CHOICES = ("variant", "pair", "color", "scale", "origin")


def add_callbacks(app: Dash) -> None:
    for choice in CHOICES:
        app.clientside_callback(
            ClientsideFunction("headlapse", "choose"),
            Output(choice, "id"),
            Input(choice, "value"),
            prevent_initial_call=True,
        )
