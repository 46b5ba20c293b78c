"""The offline page in a real chromium, opened as a file: pixels are those of the Python renderer's colours."""

import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.export import export_view
from headlapse.export.web import curves
from headlapse.results.losses import Losses
from headlapse.visualization.format import loss_in_words
from headlapse.visualization.views import ViewRegistry
from tests.browsing import expect, new_page
from tests.dashboard.pictures import point_at, wait_for_pictures

VIEW = ViewRegistry.get("attention_heads_grid")
pytestmark = pytest.mark.browser


def test_curves_of_a_page_are_thin_and_keep_a_spike_of_one_epoch():
    train = np.full(25_000, 1e-3)
    train[12_345], train[3] = 9.5, np.nan
    found = curves(Losses(train, np.full(25_000, np.nan)))
    assert [12_345, 9.5] in [list(point) for point in zip(found["train"]["x"], found["train"]["y"], strict=True)]
    assert len(found["train"]["x"]) <= 4000 and 3 not in found["train"]["x"]
    assert found["test"] == {"x": [], "y": []}


@pytest.fixture
def opened(browser, variant, folder):
    """`opened(**options)` exports a page and opens it; it may complain of nothing and ask nobody for anything."""
    pages = []

    def open_page(size=(1440, 900), color_scheme="light", **options):
        path = export_view(variant, "heads.html", **options)
        viewport = {"width": size[0], "height": size[1]}
        page = new_page(browser, viewport=viewport, color_scheme=color_scheme, offline=True)
        pages.append(page)
        page.on("request", lambda request: request.url.startswith(("file:", "blob:")) or page.complaints.append(request.url))
        page.goto(path.resolve().as_uri())
        page.wait_for_function("document.getElementById('picture-title')?.textContent")
        return page

    yield open_page
    for page in pages:
        page.context.close()


def expected(variant, epoch, **arguments):
    shown = VIEW.draw(variant.artifacts.load_epoch("attention_patterns", epoch), epoch, variant.labels, **arguments)
    return shown.colors.paint(shown.values)


def test_too_many_cells_for_a_page(variant, folder, monkeypatch):
    monkeypatch.setattr("headlapse.export.page.MOST_CELLS", 4 * 7 * 7 * 3)
    with pytest.raises(InvalidValueError, match="choose at most 3"):
        export_view(variant, "heads.html")


def wait_for(page, epoch):
    page.wait_for_function("t => document.getElementById('picture-title').textContent.startsWith(t)", arg=f"Epoch {epoch:,} ")


def test_opens_at_the_last_epoch_and_scrubs_by_keys_slider_and_curve(opened, variant):
    page = opened()
    wait_for(page, 10_400)
    wait_for_pictures(page, expected(variant, 10_400))
    for key, epoch in [("Home", 0), ("ArrowRight", 100), ("ArrowRight", 200), ("ArrowLeft", 100), ("Shift+ArrowRight", 10_400)]:
        page.keyboard.press(key)
        wait_for(page, epoch)
        wait_for_pictures(page, expected(variant, epoch))
    page.locator(".epoch").fill("120")
    wait_for(page, 100)
    wait_for_pictures(page, expected(variant, 100))
    box = page.locator(".loss").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 16, box["y"] + 40)
    wait_for(page, 10_400)
    wait_for_pictures(page, expected(variant, 10_400))


def test_the_title_and_the_losses_are_those_of_the_dashboard(opened, variant):
    page = opened()
    train, test = variant.losses.at(10_400)
    expect(page.locator("#picture-title")).to_have_text("Epoch 10,400 · = attending to a")
    expect(page.locator(".of-test")).to_have_text(f"test loss {loss_in_words(test)}")
    expect(page.locator(".of-train")).to_have_text(f"train loss {loss_in_words(train)}")
    for end, words in {"high": "1", "low": "0", "name": "attention"}.items():
        expect(page.locator(f"#color-bar .color-{end}")).to_have_text(words)


def test_plays_pauses_and_stops_at_the_end(opened):
    page = opened(fps=2)
    icon = "icon => document.querySelector('[data-action=play]').dataset.icon === icon"
    page.keyboard.press("Home")
    wait_for(page, 0)
    page.keyboard.press(" ")
    wait_for(page, 100)
    page.wait_for_function(icon, arg="pause")
    page.click("[data-action=play]")
    page.wait_for_function(icon, arg="play")
    page.keyboard.press(" ")
    wait_for(page, 10_400)
    page.wait_for_function(icon, arg="play")


def test_one_head_large_and_back(opened, variant):
    page = opened()
    page.locator(".head .plot").nth(2).click()
    page.locator(".single-head").wait_for()
    page.wait_for_function("document.querySelector('#heads').getBoundingClientRect().width > 0")
    wait_for_pictures(page, expected(variant, 10_400)[2:3])
    page.keyboard.press("h")
    page.locator(".head-grid").wait_for()


def test_hover_reads_the_cell(opened, variant):
    page = opened(choices={"origin": "lower"})
    weight = variant.artifacts.load_epoch("attention_patterns", 10_400)["patterns"][2, 2, 0, 5, 5]
    words = point_at(page, page.locator(".head .plot").nth(2), 1, 5, 7, "a 5, b 5: ", head=2)
    assert abs(float(words.split()[-1]) - weight) < 0.01


def test_origin_lower_is_upside_down(opened, variant):
    wait_for_pictures(opened(choices={"origin": "lower"}), expected(variant, 10_400)[:, ::-1])


def test_all_controls_are_in_the_page(opened, variant):
    page = opened()
    page.locator("#from").select_option("b")
    page.locator("#to").select_option("=")
    page.locator("#scale").select_option("magma")
    wait_for_pictures(page, expected(variant, 10_400, from_position=1, scale="magma"))
    page.keyboard.press("Home")
    wait_for_pictures(page, expected(variant, 0, from_position=1, scale="magma"))
    expect(page.locator("#picture-title")).to_have_text("Epoch 0 · = attending to b")


def test_what_was_chosen_is_all_there_is_where_all_is_too_much(opened, variant, monkeypatch):
    monkeypatch.setattr("headlapse.export.page.MOST_TOGETHER", 4 * 49 * 4 * 3)
    page = opened(choices={"from": "b"})
    wait_for_pictures(page, expected(variant, 10_400, from_position=1))
    assert page.locator("#to option").count() == 3 and page.locator("#from").count() == 0
    page = opened()
    wait_for_pictures(page, expected(variant, 10_400))
    assert page.locator("#to").count() == 0 and page.locator("#scale").count() == 1


def test_lines_are_in_a_page_too(browser, trained, tmp_path):
    path = export_view(trained, tmp_path / "settle.html", view="attention_lock_in_timeline")
    page = new_page(browser, offline=True)
    page.goto(path.resolve().as_uri())
    expect(page.locator("#picture-title")).to_have_text("Epoch 60 · When heads lock in: = attending")
    page.locator("#quantity").select_option("entropy")
    last = trained.artifacts.load_run("attention_lock_in")["entropy"][-1, 2, 2]
    expect(page.locator(".line-names")).to_contain_text(f"Head 2 {last:.3g}")
    page.context.close()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_fits_one_screen(opened, size):
    page = opened(size)
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=size[0])
    page.wait_for_function("height => document.documentElement.scrollHeight <= height", arg=size[1])


@pytest.mark.parametrize(
    ("theme", "system", "paper"),
    [("auto", "dark", "rgb(20, 23, 26)"), ("auto", "light", "rgb(255, 255, 255)"), ("dark", "light", "rgb(20, 23, 26)")],
)
def test_theme(opened, theme, system, paper):
    page = opened(color_scheme=system, theme=theme)
    expect(page.locator("body")).to_have_css("background-color", paper)
