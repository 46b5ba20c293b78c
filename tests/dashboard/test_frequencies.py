"""Frequencies of heads on the page: the map is scrubbed, waves lie over the heads, and another order keeps real numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest

from headlapse.families.cyclic import logarithm_order
from headlapse.visualization.colors import color_scale
from headlapse.visualization.head_waves import waves_over
from tests.dashboard.pictures import painted, point_at, wait_for_pictures, wait_for_title

pytestmark = pytest.mark.browser

P = 7
POINTS = """() => [...document.querySelectorAll('.head')].map((head) =>
  [...head.querySelectorAll('.curves polyline')].map((line) => [...line.points].map(({ x, y }) => [y - 0.5, x - 0.5])))"""


def test_frequencies_are_scrubbed_and_heads_show_waves_in_any_order(page, serve, trained):
    page.goto(f"{serve(trained.results)}/?view=head_frequencies_map")
    for epoch in (60, 0, 40):
        page.locator("#page-explore .epoch").fill(str(epoch))
        wait_for_title(page, f"Epoch {epoch} · frequencies of heads, = attending to a")
        found = trained.artifacts.load_epoch("head_frequencies", epoch)
        shares = np.stack([found["score_share"], found["pattern_share"][:, 2, 0]])
        wait_for_pictures(page, color_scale(shares, (0, 1)).paint(shares))
    point_at(page, page.locator(".plot").nth(1), 2.5 * 3 / 4 - 0.5, 1, 3, f"head 2, frequency 2: {shares[1, 2, 1]:.6g}", head=1)

    page.locator("#view").select_option(label="Attention heads")
    wait_for_title(page, "Epoch 40 · = attending to a")
    page.locator("#waves").select_option("on")
    page.wait_for_function("() => document.querySelector('.curves polyline')")
    values = trained.patterns(40)[:, 2, 0]
    for head, lines in enumerate(page.evaluate(POINTS)):
        expected = [[*zip(c.rows, c.columns, strict=True)] for c in waves_over(values, trained.axes) if c.panel == head]
        np.testing.assert_allclose(np.reshape(lines, (-1, 2)), np.reshape(expected, (-1, 2)), atol=1e-3)

    page.locator("#order").select_option("logarithm")
    order = logarithm_order(np.arange(P), P)
    wait_for_pictures(page, painted(trained, 40, 2, 0)[:, order][:, :, order])
    a, b = order[2], order[5]
    point_at(page, page.locator(".plot").nth(3), 2, 5, P, f"a {a}, b {b}: {values[3, a, b]:.6g}", head=3)
    page.wait_for_url(re.compile("(?=.*order=logarithm)(?=.*waves=on)"))
