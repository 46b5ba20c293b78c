"""The page is told every scalar of a run, thinned where there are more points than a screen has columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headlapse.results.scalars import write_scalar
from headlapse.visualization.scalar_curves import COLUMNS, curves, stamp
from headlapse.visualization.theme import SCALARS
from tests.browsing import expect
from tests.dashboard.pictures import wait_for_title
from tests.results.recorded_runs import EPOCHS, recorded_run


def test_scalars_under_any_name_are_told_with_their_epochs(tmp_path: Path) -> None:
    run = recorded_run(tmp_path)
    write_scalar(run.paths, "grad norm", {0: -1.5, 7: float("nan"), 9: 0.0, 11: float("inf")})
    expected = [
        {"name": "grad norm", "color": SCALARS[0], "epochs": [0, 9], "values": [-1.5, 0.0]},
        {"name": "learning rate", "color": SCALARS[1], "epochs": list(EPOCHS), "values": [0.1] * 3},
        {"name": "test_accuracy", "color": SCALARS[2], "epochs": list(EPOCHS), "values": [epoch / 30 for epoch in EPOCHS]},
    ]
    assert curves(run) == expected


def test_a_long_curve_keeps_its_spikes(tmp_path: Path) -> None:
    run = recorded_run(tmp_path)
    values = np.sin(np.arange(100_000) / 9_000)
    values[77_777], values[12_345] = 50.0, -50.0
    write_scalar(run.paths, "norm", dict(enumerate(values.tolist())))
    (curve,) = [curve for curve in curves(run) if curve["name"] == "norm"]
    points = dict(zip(curve["epochs"], curve["values"], strict=True))  # type: ignore[call-overload]
    assert len(points) <= 2 * COLUMNS and points[77_777] == 50 and points[12_345] == -50
    assert all(values[epoch] == value for epoch, value in points.items())


def test_a_damaged_curve_hides_no_other(tmp_path: Path) -> None:
    run = recorded_run(tmp_path)
    journal = run.paths.scalar("learning rate")
    journal.write_bytes(b"?" * 10 + journal.read_bytes()[10:])
    assert [curve["name"] for curve in curves(run)] == ["test_accuracy"]


def test_the_stamp_tells_of_every_change_but_those_of_losses(tmp_path: Path) -> None:
    run = recorded_run(tmp_path)
    before = stamp(run)
    write_scalar(run.paths, "train_loss", {0: 3.0, 1: 2.0})
    assert stamp(run) == before
    write_scalar(run.paths, "grad norm", {0: 1.0})
    assert stamp(run) != before


@pytest.mark.browser
def test_the_chart_draws_every_scalar_and_tells_its_value(page, serve, tmp_path) -> None:
    """A scalar hidden by its name is drawn no more; one that changes while the page is open is drawn anew."""
    run = recorded_run(tmp_path)
    page.goto(f"{serve(tmp_path)}/?variant=recorded/theirs&epoch=10")
    wait_for_title(page, "Epoch 10 · to 3 attending to from 0")
    legend = page.locator("#page-explore .scalar-legend button")
    expect(legend).to_have_text(["learning rate0.1", "test accuracy0.333"])
    colors = [SCALARS[0], SCALARS[1]]
    page.wait_for_function(DRAWN, arg=[colors, [True, True]])
    legend.first.click()
    page.wait_for_function(DRAWN, arg=[colors, [False, True]])
    expect(page.locator("#picture-title")).to_have_text("Epoch 10 · to 3 attending to from 0")
    write_scalar(run.paths, "grad norm", {0: -1.5, 10: 0.25, 30: 7.0})
    expect(legend).to_have_text(["grad norm0.25", "learning rate0.1", "test accuracy0.333"])


@pytest.mark.browser
def test_a_press_on_a_name_is_not_lost_when_its_curve_grows(page, serve, tmp_path) -> None:
    run = recorded_run(tmp_path)
    page.goto(f"{serve(tmp_path)}/?variant=recorded/theirs&epoch=10")
    wait_for_title(page, "Epoch 10 · to 3 attending to from 0")
    name = page.locator("#page-explore .scalar-legend button").first
    name.hover()
    page.mouse.down()
    write_scalar(run.paths, "learning rate", {0: 0.1, 10: 0.2, 30: 0.3})
    expect(name).to_have_text("learning rate0.2")
    page.mouse.up()
    expect(name).to_have_attribute("aria-pressed", "false")


DRAWN = """([colors, wanted]) => {
  const canvas = document.querySelector('#page-explore .loss canvas');
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const has = (color) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 200 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12) return true;
    }
    return false;
  };
  return colors.every((color, i) => has(color) === wanted[i]);
}"""
