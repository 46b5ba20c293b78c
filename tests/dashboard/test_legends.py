"""The legends of charts say everything, however narrow the window is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headlapse.results.scalars import write_scalar
from tests.dashboard.pictures import wait_for_title
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
