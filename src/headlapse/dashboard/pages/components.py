"""Small parts that pages share."""

from __future__ import annotations

from dash import html


def icon_button(action: str, label: str, **attributes: str) -> html.Button:
    """A button with the icon that icons.css has for `action`; the page's modules listen for `data-action`."""
    return html.Button(
        className="icon-button",
        title=label,
        **{"data-action": action, "data-icon": action, "aria-label": label, "type": "button", **attributes},
    )


def text_button(action: str, text: str, label: str, **attributes: str | bool) -> html.Button:
    """A button of a word or two."""
    return html.Button(text, className="text-button", title=label, **{"data-action": action, "type": "button", **attributes})


def fold_button() -> html.Button:
    """Opens and closes the controls of a page where the window is small."""
    return html.Button(
        "Controls", className="text-button fold", **{"data-action": "fold", "aria-expanded": "false", "type": "button"}
    )


def transport(*more: html.Button) -> html.Div:
    """Slider and buttons of a page that moves through epochs; `more` stand at the end."""
    buttons = [
        icon_button("first", "First checkpoint (Home)"),
        icon_button("back", "Play backwards"),
        icon_button("play", "Play (Space)"),
        icon_button("last", "Last checkpoint (End)"),
        text_button("speed", "1x", "Speed of playing"),
        icon_button("loop", "Loop", **{"aria-pressed": "false"}),
        text_button("log-epochs", "log", "Logarithmic axis of epochs", **{"aria-pressed": "false"}),
        text_button("pin", "pin", "Keep this epoch beside the others"),
        text_button("follow", "follow newest", "Stay at the newest checkpoint while training runs"),
        *more,
    ]
    return html.Div(
        [html.Div(className="epoch-slider"), html.Div(buttons, className="buttons")], className="transport", hidden=True
    )
