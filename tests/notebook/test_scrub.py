import re
import struct

import numpy as np
import pytest

import headlapse
from headlapse.notebook.scrub import ScrubPage
from headlapse.visualization.format import loss_in_words
from tests.browsing import expect, new_page
from tests.dashboard.pictures import painted, point_at, wait_for_pictures
from tests.notebook.host import host
from tests.waiting import eventually

IS_LAST_LINE_SEEN = """words => {
  const [{ bottom }, room] = [words.getBoundingClientRect(), words.parentElement.getBoundingClientRect()];
  return Math.abs(bottom - room.bottom) < 1 && words.getBoundingClientRect().right <= room.right + 1;
}"""


@pytest.fixture
def widget(trained):
    return headlapse.scrub(trained)


def test_the_widget_starts_at_the_newest_epoch_and_lists_all(widget, trained):
    assert [moment[0] for moment in widget.moments] == trained.epochs
    assert widget.index == 3
    assert [control["name"] for control in widget.controls] == [
        "to",
        "from",
        "order",
        "waves",
        "color",
        "scale",
        "origin",
        "columns",
    ]
    assert widget.setting["subject"] == "= attending to a"
    assert widget.setting["grids"]["titles"] == [f"Head {head}" for head in range(4)]
    assert [axis["size"] for axis in widget.setting["grids"]["axes"]] == [7, 7]
    assert widget.curves["train"]["x"] == list(range(60)) and widget.curves["test"]["x"] == list(range(1, 61))


@pytest.mark.parametrize(("index", "to", "from_"), [(0, "2", "0"), (2, "2", "0"), (1, "2", "1"), (3, "1", "0")])
def test_a_frame_holds_the_numbers_of_its_epoch_and_positions(widget, trained, index, to, from_):
    widget.choices, widget.index = {"to": to, "from": from_, "origin": "lower"}, index
    assert struct.unpack("<I", widget.frame[:4]) == (index,)
    numbers = np.frombuffer(widget.frame[HEADER:], np.float32).reshape(4, 7, 7)
    np.testing.assert_array_equal(numbers, trained.patterns(trained.epochs[index])[:, int(to), int(from_)])


def test_an_epoch_that_cannot_be_read_is_said_and_stops_nothing(trained_copy):
    trained_copy.paths.artifacts.file("attention_patterns", 20).write_bytes(b"PK")
    trained_copy.paths.artifacts.file("attention_patterns", 60).write_bytes(b"PK")
    widget = headlapse.scrub(trained_copy)
    assert widget.index == 2, "the newest that can be read"
    widget.index = 1
    assert len(widget.frame) == HEADER and "epoch_00020.npz" in widget.problem
    widget.index = 0
    assert len(widget.frame) == HEADER + 4 * 4 * 49 and widget.problem == ""


def test_readers_without_a_kernel_get_an_image(widget):
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG") and "application/vnd.jupyter.widget-view+json" in data


def test_without_the_widget_there_is_a_page_of_its_own(trained):
    page = headlapse.scrub(trained, widget=False)
    assert isinstance(page, ScrubPage)
    assert page._repr_html_().startswith("<iframe srcdoc=") and "http" not in page.html.split("<script")[0].split("<style")[0]


HEADER = 8  # bytes before the numbers of a frame
MOVE = "(slider, epoch) => { slider.value = epoch; slider.dispatchEvent(new Event('input')); }"


@pytest.fixture
def shown(widget, browser):
    page = new_page(browser, viewport={"width": 1000, "height": 700})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    host(page, widget)
    wait_for(page, "Epoch 60 · = attending to a")
    yield page
    page.context.close()
    assert problems == []


@pytest.mark.browser
def test_the_browser_paints_what_the_kernel_sends(shown, widget, trained):
    page, slider = shown, shown.locator(".epoch")
    wait_for_pictures(page, expected(widget, trained))
    slider.evaluate(MOVE, 20)
    slider.evaluate(MOVE, 40)
    assert page.evaluate("window.asked") == [[1, {}]], "one question is open at a time"
    widget.index = 1
    page.evaluate("frame => window.answer(frame)", list(widget.frame))
    assert page.evaluate("window.asked") == [[1, {}], [2, {}]], "then the latest is asked for"
    wait_for(page, "Epoch 20 ·")
    wait_for_pictures(page, expected(widget, trained))
    page.evaluate("() => { window.state.problem = 'it is damaged'; window.answer([3, 0, 0, 0, 9, 0, 0, 0]); }")
    page.locator(".readout em", has_text="epoch 60 cannot be shown: it is damaged").wait_for()
    slider.evaluate(MOVE, 0)
    assert page.evaluate("window.asked").pop() == [0, {}], "an epoch that cannot be shown is no obstacle"
    page.evaluate("() => { for (const i of [0, 1]) { window.state.index = i; window.answer([i, 0, 0, 0, 9, 0, 0, 0]); } }")
    page.wait_for_function("() => document.querySelector('.epoch').value === '20'")  # moved where it is shown once more
    assert page.evaluate("window.asked").pop() == [0, {}], "which is followed, not undone"


@pytest.mark.browser
def test_keys_bar_and_hover_are_those_of_the_dashboard(shown, trained):
    page = shown
    for end, words in {"high": "1", "low": "0", "name": "attention"}.items():
        expect(page.locator(f".color-bar .color-{end}")).to_have_text(words)
    train, test = trained.losses.at(60)
    expect(page.locator(".of-test")).to_have_text(f"test loss {loss_in_words(test)}")
    expect(page.locator(".of-train")).to_have_text(f"train loss {loss_in_words(train)}")
    page.locator(".headlapse-scrub").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => window.asked.at(-1)[0] === 2")
    point_at(page, page.locator(".plot").nth(1), 2, 5, 7, f"a 2, b 5: {trained.patterns(60)[1, 2, 0, 2, 5]:.6g}", head=1)
    page.keyboard.press("h")
    page.locator(".single-head").wait_for()


@pytest.mark.browser
def test_keys_still_act_after_a_click_on_a_head(shown):
    shown.locator(".plot").nth(1).click()
    shown.locator(".single-head").wait_for()
    shown.keyboard.press("ArrowLeft")
    shown.wait_for_function("() => window.asked.at(-1)[0] === 2")
    shown.locator(".single-head .plot").hover()
    back = shown.get_by_role("button", name="all heads")
    assert back.evaluate("button => button.scrollWidth <= button.clientWidth"), "beside a value its words are whole"
    value = shown.locator(".single-head .head-value bdi")
    assert value.evaluate(IS_LAST_LINE_SEEN)
    place = back.bounding_box()
    back.hover()
    expect(value).to_be_empty()
    assert back.bounding_box() == place, "it does not move under the pointer when the value goes"
    back.click()
    expect(shown.locator(".plot")).to_have_count(4)
    shown.keyboard.press("Home")
    shown.wait_for_function("() => document.querySelector('.epoch').value === '0'")


@pytest.mark.browser
def test_every_control_of_the_view_is_there(shown, widget, trained):
    labels = shown.locator(".control span").all_text_contents()
    assert labels == [*(control["label"] for control in widget.controls if len(control["options"]) > 1), "Profiles"]
    shown.get_by_label("Colour scale").select_option("magma")
    wait_for_pictures(shown, painted(trained, 60, 2, 0, scale="magma"))
    shown.get_by_label("Attending", exact=True).select_option("b")
    assert shown.evaluate("window.asked").pop() == [3, {"scale": "magma", "to": "1"}]


@pytest.mark.browser
@pytest.mark.parametrize(("color", "theme"), [("#ffffff", "light"), ("#1e1e1e", "dark")])
def test_it_is_as_dark_as_the_notebook_around_it(shown, color, theme):
    shown.evaluate("color => { document.body.style.background = color; }", color)
    shown.locator(f".headlapse-scrub[data-theme={theme}]").wait_for()

    def check() -> None:
        ink = shown.evaluate("() => getComputedStyle(document.querySelector('.picture-title')).color")
        assert (sum(int(part) for part in re.findall(r"\d+", ink)) > 384) == (theme == "dark"), ink

    eventually(check)


@pytest.mark.browser
def test_its_style_reaches_nothing_else_of_a_notebook(shown):
    shown.evaluate("() => document.body.append(Object.assign(document.createElement('div'), { className: 'plot head stage' }))")
    style = "() => { const s = getComputedStyle(document.body.lastChild); return [s.display, s.cursor, s.position]; }"
    assert shown.evaluate(style) == ["block", "auto", "static"]


def wait_for(page, title: str) -> None:
    page.wait_for_function("t => document.querySelector('.picture-title')?.textContent.startsWith(t)", arg=title)


def expected(widget, trained) -> np.ndarray:
    return painted(trained, trained.epochs[widget.index], 2, 0)


def test_the_widget_has_the_marks_of_the_page(trained):
    from headlapse.visualization.run_marks import marks

    assert headlapse.scrub(trained).marks == marks(trained) != []
