"""Small parts that pages share."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html


def icon_button(action: str, label: str, **attributes: str) -> html.Button:
    """A button with the icon that icons.css has for `action`; the page's modules listen for `data-action`."""
    return html.Button(
        className="icon-button",
        title=label,
        **{"data-action": action, "data-icon": action, "aria-label": label, "type": "button", **attributes},
    )


def text_button(action: str, text: str, label: str, **attributes: str) -> html.Button:
    """A button of a word or two."""
    return html.Button(
        text, className="text-button", title=label, **{"data-action": action, "type": "button", **attributes}
    )


def choice(name: str, label: str, width: int) -> dmc.Select:
    """A selection that the page's modules fill and listen to."""
    return dmc.Select(
        id=name,
        data=[],
        allowDeselect=False,
        size="xs",
        w=width,
        comboboxProps={"width": "max-content", "position": "bottom-start"},
        **{"aria-label": label},
    )
