"""Layouts as plain HTML, which the scripts of the page bring to life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

NAMES = {"className": "class", "tabIndex": "tabindex", "htmlFor": "for"}
KEPT = {
    *NAMES,
    "id",
    "title",
    "href",
    "role",
    "hidden",
    "disabled",
    "download",
    "type",
    "src",
    "alt",
    "width",
    "height",
    "data-*",
    "aria-*",
}
WITHOUT_END = {"input", "br", "img"}


@dataclass(frozen=True)
class Markup:
    """Components of Dash as HTML, without those with some identifiers, and some others empty. `address` rewrites each href."""

    left_out: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()
    address: Callable[[str], str] = str

    def html(self, component: Any) -> str:
        """A component with its content; texts are escaped."""
        if component is None:
            return ""
        if isinstance(component, list | tuple):
            return "".join(map(self.html, component))
        if isinstance(component, str | int | float):
            return escape(str(component), quote=False)
        described = component.to_plotly_json()
        kind, props = described["type"], described["props"]
        if props.get("id") in self.left_out:
            return ""
        tag = kind.lower()
        inside = "" if props.get("id") in self.emptied else self.html(props.get("children"))
        start = f"<{tag}{self._attributes(props)}>"
        return start if tag in WITHOUT_END else f"{start}{inside}</{tag}>"

    def _attributes(self, props: Mapping[str, Any]) -> str:
        parts = []
        for name, value in props.items():
            general = f"{name.split('-')[0]}-*" if "-" in name else name
            if not ({name, general} & KEPT) or value is None or value is False:
                continue
            text = self.address(str(value)) if name == "href" else str(value)
            parts.append(f" {NAMES.get(name, name)}" + ("" if value is True else f'="{escape(text)}"'))
        return "".join(parts)
