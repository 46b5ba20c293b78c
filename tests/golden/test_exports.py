"""Pictures that version 0.1.0 exported hold the values that are read from its artifacts today."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headlapse.visualization.views import ViewRegistry
from headlapse.workbench import Variant
from tests.browsing import expect, new_page
from tests.golden.test_v0_1_0 import HERE, variant_in

EXPORTS = HERE / "exports"
EPOCHS = [0, 10, 25, 40]
CELL, PANELS, TOP = 40, (60, 386, 712), 112  # pixels: the layout of 0.1.0 for three heads of 7 x 7 cells


@pytest.fixture(scope="module")
def variant() -> Variant:
    return variant_in(HERE / "results")


def colors_of(variant: Variant, epoch: int, view: str = "attention_heads_grid", **arguments: Any) -> np.ndarray:
    """uint8 `(head, a, b, rgb)`, as today's view paints the artifact."""
    chosen = ViewRegistry.get(view)
    picture = chosen.draw(chosen.load(variant.artifacts, epoch), epoch, variant.labels, **arguments)
    return np.asarray(picture.colors.paint(picture.values))


def middles(image: Image.Image) -> np.ndarray:
    """The pixel in the middle of each cell, `(head, a, b, rgb)`."""
    pixels = np.asarray(image.convert("RGB"))
    steps = np.arange(7) * CELL + CELL // 2
    return np.stack([pixels[TOP + steps][:, left + steps] for left in PANELS])


def test_the_colors_of_a_png_are_those_of_its_artifact(variant: Variant) -> None:
    with Image.open(EXPORTS / "epoch25.png") as image:
        found = middles(image)
    np.testing.assert_array_equal(found, colors_of(variant, 25, to_position=1, from_position=0, scale="magma"))
    with Image.open(EXPORTS / "attention_entropy_grid.png") as image:
        np.testing.assert_array_equal(middles(image), colors_of(variant, 40, "attention_entropy_grid"))


@pytest.mark.parametrize("name", ["heads.gif", "heads.webp"])
def test_frames_of_an_animation_are_those_of_its_artifacts(variant: Variant, name: str) -> None:
    with Image.open(EXPORTS / name) as image:
        assert getattr(image, "n_frames", 1) == len(EPOCHS)
        for frame, epoch in enumerate(EPOCHS):
            image.seek(frame)
            difference = middles(image).astype(int) - colors_of(variant, epoch)
            assert abs(difference).max() <= 6, epoch


def test_cells_of_an_offline_page_are_those_of_its_artifacts(variant: Variant) -> None:
    (text,) = re.findall(r'<script type="application/json" id="content">(.*?)</script>', (EXPORTS / "heads.html").read_text())
    content = json.loads(text)
    assert [moment["epoch"] for moment in content["moments"]] == EPOCHS
    differences = np.frombuffer(zlib.decompress(base64.b64decode(content["cells"])), np.uint8).reshape(4, 3, 7, 7)
    steps = np.cumsum(differences, axis=0, dtype=np.uint8)
    for cells, epoch in zip(steps, EPOCHS, strict=True):
        np.testing.assert_array_equal(cells, np.floor(variant.patterns(epoch)[:, 2, 1].astype(np.float64) * 255 + 0.5))


@pytest.mark.browser
def test_an_offline_page_opens_and_is_scrubbed(browser: Any) -> None:
    page = new_page(browser, offline=True)
    page.goto(Path(EXPORTS / "heads.html").resolve().as_uri())
    expect(page.locator("#subject")).to_have_text("= attending to b")
    expect(page.locator("#moment")).to_contain_text("epoch 40")
    page.keyboard.press("Home")
    expect(page.locator("#moment")).to_contain_text("epoch 0")
    page.context.close()
