"""A page that shows the widget as a notebook does, without a notebook and without a kernel."""

from __future__ import annotations

import json
from typing import Any

NAMES = (
    "index",
    "frame",
    "moments",
    "choices",
    "controls",
    "scales",
    "curves",
    "marks",
    "scalars",
    "range",
    "setting",
    "problem",
)
HOST = """
const bytes = (list) => new DataView(new Uint8Array(list).buffer);
const state = window.state = STATE;
state.frame = bytes(state.frame);
const listeners = [];
window.asked = [];
window.model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; },
  save_changes: () => window.asked.push([state.index, { ...state.choices }]),
  on: (event, listener) => event === "change:frame" && listeners.push(listener),
};
window.answer = (frame) => { state.frame = bytes(frame); listeners.forEach((listener) => listener()); };
const url = URL.createObjectURL(new Blob([window.source], { type: "text/javascript" }));
import(url).then((module) => { module.default.render({ model: window.model, el: document.body }); window.ready = true; });
"""


def host(page: Any, widget: Any) -> None:
    """Show `widget` in `page`. There, `window.asked` is what it asked the kernel for and `window.answer(bytes)` answers."""
    state = {name: list(value) if isinstance(value := getattr(widget, name), bytes) else value for name in NAMES}
    page.set_content("<body></body>")
    page.add_style_tag(content=widget._css)
    page.evaluate("source => { window.source = source }", widget._esm)
    page.add_script_tag(content=HOST.replace("STATE", json.dumps(state)))
    page.wait_for_function("window.ready")
