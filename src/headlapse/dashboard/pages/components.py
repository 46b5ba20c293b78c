"""Small parts that pages share."""

from __future__ import annotations

from dash import html

from headlapse.dashboard import texts


def icon_button(action: str, label: str, **attributes: str) -> html.Button:
    """A button with the icon of `action` in icons.css; the page's modules listen for `data-action`."""
    return html.Button(
        className="icon-button",
        title=label,
        **{"data-action": action, "data-icon": action, "aria-label": label, "type": "button", **attributes},
    )


def text_button(action: str, text: str, label: str, **attributes: str | bool) -> html.Button:
    """A button of a word or two."""
    return html.Button(text, className="text-button", title=label, **{"data-action": action, "type": "button", **attributes})


def fold_button() -> html.Button:
    """Opens and closes the controls of a page in a small window."""
    return html.Button(
        texts.FOLD, className="text-button fold", **{"data-action": "fold", "aria-expanded": "false", "type": "button"}
    )


def export_menu(words: str = texts.EXPORT, prefix: str = "") -> html.Details:
    """The formats in which a page can be saved, as its texts name them. `words` and `prefix` distinguish menus."""
    buttons = [
        html.Button(
            format_,
            className="menu-item",
            **{"data-action": "export", "data-ending": ending, "data-span": span, "type": "button"},
        )
        for span, exports in (("epoch", texts.EXPORTS_OF_AN_EPOCH), ("run", texts.EXPORTS_OF_THE_RUN))
        for ending, format_ in exports.items()
    ]
    copy = html.Button(texts.COPY_AS_PYTHON, className="menu-item", **{"data-action": "copy-python", "type": "button"})
    message = html.P(id=f"{prefix}export-message", className="soft export-message", role="status")
    menu = html.Div([*buttons, copy, message], className="menu")
    return html.Details([html.Summary(words), menu], id=f"{prefix}export", className="export")


def transport(*more: html.Button) -> html.Div:
    """Slider and buttons of a page that moves through epochs; `more` come at the end."""
    buttons = [
        icon_button("first", texts.FIRST),
        icon_button("back", texts.BACK),
        icon_button("play", texts.PLAY),
        icon_button("last", texts.LAST),
        text_button("speed", "1x", texts.SPEED),
        icon_button("loop", texts.LOOP, **{"aria-pressed": "false"}),
        text_button("log-epochs", texts.LOG, texts.LOG_HINT, **{"aria-pressed": "false"}),
        text_button("pin", texts.PIN, texts.PIN_HINT),
        text_button("follow", texts.FOLLOW, texts.FOLLOW_HINT),
        *more,
    ]
    return html.Div(
        [html.Div(className="epoch-slider"), html.Div(buttons, className="buttons")], className="transport", hidden=True
    )
