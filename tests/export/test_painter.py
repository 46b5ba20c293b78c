from dataclasses import replace

import numpy as np
import pytest

from headlapse.export.frame import Frame
from headlapse.export.painter import Painter
from headlapse.export.theme import THEMES
from headlapse.families.axes import Axis
from headlapse.models.heads import head_labels
from headlapse.results.losses import Losses
from headlapse.results.run import RunLabels
from headlapse.visualization.views import ViewRegistry

PATTERNS = np.linspace(0, 1, 4 * 9 * 25, dtype=np.float32).reshape(4, 3, 3, 5, 5)
LOSSES = Losses(np.geomspace(5, 1e-7, 1000), np.geomspace(6, 1e-3, 1000))


def picture(**arguments):
    n_heads, *_, rows, columns = (patterns := arguments.pop("patterns", PATTERNS)).shape
    run = RunLabels(head_labels(1, n_heads), ("a", "b", "="), (Axis("a", rows), Axis("b", columns)))
    return ViewRegistry.get("attention_heads_grid").draw({"patterns": patterns}, 100, run, **arguments)


def painted(shown, epoch=100, theme="light", scale=1, losses=None, **facts):
    painter = Painter(shown, THEMES[theme], scale, losses)
    return np.asarray(painter.paint(Frame(shown, epoch, **facts))), painter.layout


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("look", [{}, {"columns": 4}, {"midpoint": 1 / 3}, {"color_range": "epoch"}, {"scale": "magma"}])
def test_every_pixel_of_every_cell_is_the_color_of_its_value(look, scale, theme):
    shown = picture(**look)
    image, layout = painted(shown, theme=theme, scale=scale)
    for head, box in enumerate(layout.panels):
        pixels = image[box.top : box.bottom, box.left : box.right]
        expected = shown.colors.paint(PATTERNS[head, 2, 0])
        for a in range(5):
            for b in range(5):
                cell = pixels[a * layout.cell : (a + 1) * layout.cell, b * layout.cell : (b + 1) * layout.cell]
                assert (cell == expected[a, b]).all(), f"head {head}, a {a}, b {b}"


def test_origin_lower_puts_a_0_at_the_bottom():
    shown = picture(origin="lower")
    image, layout = painted(shown)
    box = layout.panels[1]
    assert (image[box.bottom - 1, box.left] == shown.colors.paint(PATTERNS[1, 2, 0, 0, 0])).all()
    assert (image[box.top, box.left] == shown.colors.paint(PATTERNS[1, 2, 0, 4, 0])).all()


def test_only_header_and_marker_differ_between_epochs_of_equal_data():
    shown = picture()
    early, layout = painted(shown, epoch=100, losses=LOSSES, test_loss=4.0)
    late, _ = painted(shown, epoch=900, losses=LOSSES, test_loss=1e-3)
    rows = np.flatnonzero((early != late).any(axis=(1, 2)))
    header = rows < layout.panels[0].top
    assert header.any()
    assert set(rows[~header]) <= set(range(layout.losses.top, layout.losses.bottom + 1))


def test_the_marker_stands_at_the_epoch():
    image, layout = painted(picture(), epoch=500, losses=LOSSES)
    other, _ = painted(picture(), epoch=0, losses=LOSSES)
    box = layout.losses
    columns = np.flatnonzero((image != other)[box.top : box.bottom].any(axis=(0, 2)))
    middle = columns[columns > box.left + 10]
    assert abs(middle.mean() - (box.left + box.width / 2)) <= 2


def test_a_spike_of_one_epoch_is_in_the_curve():
    train = np.full(20_001, 1e-3)
    train[12_345] = 10.0
    image, layout = painted(picture(), epoch=0, losses=Losses(train, np.full_like(train, 1e-6)))
    box = layout.losses
    x = box.left + round(12_345 / len(train) * (box.width - 1))
    blue = np.array([int(THEMES["light"].train[i : i + 2], 16) for i in (1, 3, 5)])
    near = image[box.top : box.top + box.height // 3, x - 2 : x + 3].astype(int)
    assert np.abs(near - blue).sum(axis=-1).min() < 60, "the train loss reaches the top"


def test_losses_that_are_unknown_or_none_do_not_hinder():
    nothing = Losses(np.array([]), np.array([]))
    unknown = Losses(np.full(5, 1.0), np.full(5, np.nan))
    for losses in (nothing, unknown):
        assert painted(picture(), epoch=0, losses=losses)[0].any()


def test_large_grids_get_a_pixel_per_cell():
    patterns = np.zeros((1, 1, 1, 1009, 1009), np.float32)
    shown = picture(patterns=patterns)
    assert painted(shown)[1].cell == 1


def test_a_grid_of_one_cell():
    shown = picture(patterns=np.ones((1, 3, 3, 1, 1), np.float32))
    image, layout = painted(shown)
    box = layout.panels[0]
    assert (image[box.top, box.left] == [253, 231, 37]).all()


@pytest.mark.parametrize("scale", [1, 2])
def test_a_long_subject_fits_and_a_short_one_stays_large(scale: int) -> None:
    shown, long = picture(), "Head 0, Head 2 replaced by its mean over inputs: accuracy 57.6 to 50.5 %, loss 1.1 to 1.3"
    heights, layout = {}, painted(shown, scale=scale)[1]
    for subject in ("Head", long):
        image, _ = painted(replace(shown, subject=subject), scale=scale)
        header = (image[: layout.margin + 30 * scale] != image[0, 0]).any(axis=2)
        rows, columns = np.flatnonzero(header.any(axis=1)), np.flatnonzero(header.any(axis=0))
        assert columns.max() < layout.width - 8 * scale, subject
        heights[subject] = rows.max() - rows.min()
    assert heights["Head"] > 12 * scale and columns.max() > layout.width / 2, "it is written whole"
