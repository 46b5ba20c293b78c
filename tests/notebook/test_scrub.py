import json
import struct

import numpy as np
import pytest

import headlapse
from headlapse.notebook.scrub import ScrubPage


@pytest.fixture
def widget(trained):
    return headlapse.scrub(trained)


def test_the_widget_starts_at_the_newest_epoch_and_lists_all(widget, trained):
    assert [moment[0] for moment in widget.moments] == trained.epochs
    assert widget.index == 3
    assert widget.choices[0] == ["2:0", "= attending to a"]
    assert widget.setting["subject"] == "= attending to a" and widget.setting["names"] == [f"Head {head}" for head in range(4)]


@pytest.mark.parametrize(("index", "choice"), [(0, "2:0"), (2, "2:0"), (1, "2:1"), (3, "1:0")])
def test_a_frame_holds_the_cells_of_its_epoch_and_pair(widget, trained, index, choice):
    widget.choice, widget.index = choice, index
    assert struct.unpack("<I", widget.frame[:4]) == (index,)
    cells = np.frombuffer(widget.frame[4:], np.uint8).reshape(4, 7, 7)
    patterns = trained.patterns(trained.epochs[index])[:, int(choice[0]), int(choice[2])]
    np.testing.assert_allclose(cells / 255, patterns, atol=0.5 / 255 + 1e-6)


def test_an_epoch_that_cannot_be_read_is_said_and_stops_nothing(trained_copy):
    trained_copy.paths.artifacts.file("attention_patterns", 20).write_bytes(b"PK")
    trained_copy.paths.artifacts.file("attention_patterns", 60).write_bytes(b"PK")
    widget = headlapse.scrub(trained_copy)
    assert widget.index == 2, "the newest that can be read"
    widget.index = 1
    assert widget.frame == struct.pack("<I", 1) and "epoch_00020.npz" in widget.problem
    widget.index = 0
    assert len(widget.frame) == 4 + 4 * 49 and widget.problem == ""


def test_readers_without_a_kernel_get_an_image(widget):
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG") and "application/vnd.jupyter.widget-view+json" in data


def test_without_the_widget_there_is_a_page_of_its_own(trained):
    page = headlapse.scrub(trained, widget=False)
    assert isinstance(page, ScrubPage)
    assert page._repr_html_().startswith("<iframe srcdoc=") and "http" not in page.html.split("<script")[0].split("<style")[0]


HOST = """
const bytes = (list) => new DataView(new Uint8Array(list).buffer);
const state = window.state = STATE;
state.frame = bytes(state.frame); state.table = bytes(state.table);
const listeners = [];
window.asked = [];
window.model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; },
  save_changes: () => window.asked.push([state.index, state.choice]),
  on: (event, listener) => event === "change:frame" && listeners.push(listener),
};
window.answer = (frame) => { state.frame = bytes(frame); listeners.forEach((listener) => listener()); };
const url = URL.createObjectURL(new Blob([window.source], { type: "text/javascript" }));
import(url).then((module) => { module.default.render({ model: window.model, el: document.body }); window.ready = true; });
"""


@pytest.mark.browser
def test_the_browser_paints_what_the_kernel_sends(widget, trained, browser):
    names = ("index", "choice", "frame", "moments", "choices", "setting", "table", "problem")
    state = {name: list(value) if isinstance(value := getattr(widget, name), bytes) else value for name in names}
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_content("<body></body>")
    page.evaluate("source => { window.source = source }", widget._esm)
    page.add_script_tag(content=HOST.replace("STATE", json.dumps(state)))
    page.wait_for_function("window.ready")
    assert page.locator("canvas").count() == 4
    assert "= attending to a · epoch 60 · train loss" in page.locator(".moment").inner_text()
    assert painted(page, head=1) == expected(widget, trained, head=1)
    page.locator("input").evaluate("slider => { slider.value = 1; slider.oninput(); slider.value = 2; slider.oninput(); }")
    assert page.evaluate("window.asked") == [[1, "2:0"]], "one question is open at a time"
    widget.index = 1
    page.evaluate("frame => window.answer(frame)", list(widget.frame))
    assert page.evaluate("window.asked") == [[1, "2:0"], [2, "2:0"]], "then the latest is asked for"
    assert "epoch 20" in page.locator(".moment").inner_text()
    assert painted(page, head=3) == expected(widget, trained, head=3)
    page.evaluate("() => { window.state.problem = 'it is damaged'; window.answer([3, 0, 0, 0]); }")
    assert page.locator(".moment").inner_text() == "epoch 60 cannot be shown: it is damaged"
    page.locator("input").evaluate("slider => { slider.value = 0; slider.oninput(); }")
    assert page.evaluate("window.asked").pop() == [0, "2:0"], "an epoch that cannot be shown is no obstacle"
    page.evaluate("() => { window.answer([0, 0, 0, 0]); window.state.index = 1; window.answer([1, 0, 0, 0]); }")
    assert page.locator("input").input_value() == "1", "the same widget was moved where it is shown once more"
    assert page.evaluate("window.asked").pop() == [0, "2:0"], "which is followed, not undone"
    page.close()
    assert problems == []


def painted(page, head: int) -> list[int]:
    """RGB of every cell of a head, row by row."""
    code = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 7, 7).data)"
    pixels = page.locator("canvas").nth(head).evaluate(code)
    return [value for place, value in enumerate(pixels) if place % 4 != 3]


def expected(widget, trained, head: int) -> list[int]:
    from headlapse.visualization.colors import color_scale

    patterns = trained.patterns(trained.epochs[widget.index])[head, 2, 0]
    return color_scale(patterns).paint(patterns).ravel().tolist()
