"""The legends of charts say everything, however narrow the window is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headlapse.dashboard.routes import variants
from headlapse.results.scalars import write_scalar
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.dashboard.runs import make_variant, write_losses
from tests.dashboard.test_compare import address as comparison
from tests.results.recorded_runs import EPOCHS, recorded_run

pytestmark = pytest.mark.browser

SCALARS = ("gradient norm", "weight norm")
IS_WHOLE = """() => {
  const legend = document.querySelector('#page-explore .chart-legend').getBoundingClientRect();
  const buttons = [...document.querySelectorAll('#page-explore .scalar-legend button')];
  return buttons.length >= 4 && buttons.every((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    return left >= legend.left - 1 && right <= legend.right + 1 && top >= legend.top - 1 && bottom <= legend.bottom + 1;
  });
}"""
IS_BELOW = """() => {
  const bottom = (selector) => document.querySelector(`#page-explore ${selector}`).getBoundingClientRect().bottom;
  const top = document.querySelector('#page-explore .loss-marker').getBoundingClientRect().top;
  return bottom('.chart-legend') <= top && top < bottom('.loss') - 60;
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450), (1440, 900)])
def test_every_curve_is_named_above_the_curves(page: Any, serve: Any, tmp_path: Path, width: int, height: int) -> None:
    run = recorded_run(tmp_path)
    for name in SCALARS:
        write_scalar(run.paths, name, dict.fromkeys(EPOCHS, 0.123))
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/?variant=recorded/theirs&epoch=10")
    wait_for_title(page, "Epoch 10 · to 3 attending to from 0")
    page.wait_for_function(IS_WHOLE)
    page.wait_for_function(IS_BELOW)


def test_compare_says_which_loss_is_dashed(page: Any, serve: Any, tmp_path: Path) -> None:
    """There the colour tells the run; in Explore it tells the loss."""
    variants = [make_variant(tmp_path, [0, 100], weight_decay=each) for each in (1.0, 0.0)]
    for variant in variants:
        write_losses(variant, 100)
    address = serve(tmp_path)
    page.goto(address + comparison(*variants, epoch=100))
    expect(page.locator("#page-compare .loss-kinds")).to_have_text("test losstrain loss")
    page.goto(f"{address}/?epoch=100")
    wait_for_title(page, "Epoch 100 · = attending to a")
    expect(page.locator("#page-explore .loss-kinds")).to_be_hidden()


def test_a_mark_says_its_own_words_alone(page: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variants, "marks", lambda *_: [{"epoch": 100, "label": "grokked", "color": "--soft"}])
    write_losses(make_variant(tmp_path, [0, 100, 200]), 200)
    page.goto(f"{serve(tmp_path)}/?epoch=200")
    wait_for_title(page, "Epoch 200 · = attending to a")
    hint, mark = page.locator("#page-explore .chart-hint .hint-words"), page.locator("#page-explore .mark").first
    expect(mark).to_be_visible()
    page.locator("#page-explore .loss").hover()
    expect(hint).to_be_visible()
    mark.hover()
    expect(hint).to_be_hidden()


FAR_FROM_ITS_EPOCH = """() => {
  const chart = document.querySelector('#page-explore .loss').getBoundingClientRect();
  const [left, right] = [chart.left + 46, chart.right - 14];
  return [...document.querySelectorAll('#page-explore .mark')].map((mark) => {
    const box = mark.getBoundingClientRect();
    const epoch = Number(/epoch (\\d+)/i.exec(mark.dataset.words)[1]);
    return Math.abs((box.left + box.right) / 2 - (left + ((right - left) * epoch) / 400));
  });
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 664), (720, 450), (1440, 900)])
def test_marks_of_many_heads_stand_at_their_epochs(
    page: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    """144 heads that lock in at three checkpoints: as marks beside each other they would cover the axis."""
    epochs = {100: 40, 200: 1, 300: 103}
    names = iter(f"L{layer}H{head}" for layer in range(12) for head in range(12))
    marks = [
        {"epoch": epoch, "label": f"{next(names)} locks in", "color": f"#{epoch}"}
        for epoch, count in epochs.items()
        for _ in range(count)
    ]
    monkeypatch.setattr(variants, "marks", lambda *_: marks)
    write_losses(make_variant(tmp_path, [0, *epochs, 400]), 400)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{serve(tmp_path)}/?epoch=0")
    wait_for_title(page, "Epoch 0 · = attending to a")
    buttons = page.locator("#page-explore .mark")
    expect(buttons).to_have_count(len(epochs))
    assert [int(each.get_attribute("data-count")) for each in buttons.all()] == list(epochs.values())
    expect(page.locator("#page-explore .mark-legend .several")).to_have_text("several marks")
    buttons.first.scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({FAR_FROM_ITS_EPOCH})().every((pixels) => pixels <= 36)")
    assert buttons.first.get_attribute("data-words") == f"Epoch 100\nlocks in: {', '.join(names_of(24))} and 16 more"
    buttons.nth(0).focus()
    page.keyboard.press("Tab")
    expect(buttons.nth(1)).to_be_focused()
    buttons.nth(2).click()
    wait_for_title(page, "Epoch 300 · = attending to a")


def names_of(count: int) -> list[str]:
    return [f"L{head // 12}H{head % 12}" for head in range(count)]
