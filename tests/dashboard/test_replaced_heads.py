"""Heads replaced on the page: what breaks at the shown epoch, in numbers and as a heat map, whatever is chosen."""

from __future__ import annotations

import re

import numpy as np
import pytest

from headlapse.analysis.interventions import ablate, intact
from headlapse.visualization.colors import color_scale
from headlapse.visualization.format import loss_in_words
from tests.dashboard.pictures import wait_for_pictures, wait_for_title

pytestmark = pytest.mark.browser


def test_a_head_is_replaced_at_the_shown_epoch(page, serve, trained):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/data/frames/" in request.url else None)
    page.goto(f"{serve(trained.results)}/?view=replaced_heads")
    states = [(60, "0", "zero", None), (60, "0", "epoch-20", 20), (20, "1,3", "epoch-20", 20), (40, "1,3", "mean", None)]
    for epoch, heads, kind, from_epoch in (*states, states[0]):
        page.locator("#replaced").select_option(heads)
        page.locator("#kind").select_option(kind)
        page.locator("#page-explore .epoch").fill(str(epoch))
        before = intact(trained, epoch)
        after = ablate(trained, epoch, [int(head) for head in heads.split(",")], kind.split("-")[0], from_epoch)
        name = ", ".join(f"Head {head}" for head in heads.split(","))
        words = {"zero": "nothing", "mean": "its mean over inputs"}.get(kind, f"its attention at epoch {from_epoch}")
        change = f"accuracy {100 * before.accuracy:.1f} to {100 * after.accuracy:.1f} %"
        loss = f"loss {loss_in_words(before.loss)} to {loss_in_words(after.loss)}"
        wait_for_title(page, f"Epoch {epoch} · {name} replaced by {words}: {change}, {loss}")
        values = np.stack([before.right & ~after.right, after.right & ~before.right]).astype(float)
        wait_for_pictures(page, color_scale(values, (0, 1)).paint(values))
    assert all(re.search(r"epochs=\d+&", url) for url in asked), "one epoch at a time"
    page.wait_for_url(re.compile("(?=.*kind=zero)(?=.*epoch=60)"))


def test_the_epochs_beside_the_shown_one_are_computed_ahead(page, serve, trained):
    asked: list[int] = []
    page.on("request", lambda request: asked.extend(map(int, re.findall(r"/data/frames/.*epochs=(\d+)&", request.url))))
    with page.expect_response("**epochs=20&*"):
        page.goto(f"{serve(trained.results)}/?view=replaced_heads&epoch=0")
    with page.expect_response("**epochs=40&*"):
        page.locator("#page-explore .epoch").fill("60")
    assert list(dict.fromkeys(asked)) == [0, 20, 60, 40], "the exact numbers of a shown epoch are asked for, too"
