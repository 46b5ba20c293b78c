"""Pictures of lines as images: each line in its colour where its values are."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageColor

from headlapse.export import export_view
from headlapse.export.frame import Frame
from headlapse.export.line_plots import LinePainter, y_limits
from headlapse.export.theme import THEMES
from headlapse.visualization.lines import Lines, Mark, Plot, Series
from headlapse.visualization.theme import SERIES

X = np.array([0.0, 50.0, 100.0])


def lines(*series: Series, **options: Any) -> Lines:
    return Lines((Plot("norm", series, **options),), subject="norms", epoch=50, marks=(Mark(75, "there", "#ff0000"),))


def places(image: np.ndarray, color: str) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.nonzero((image == np.array(ImageColor.getrgb(color))).all(axis=-1))
    return rows, columns


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", [1, 2])
def test_a_line_passes_through_its_points(theme: str, scale: int) -> None:
    picture = lines(Series("one", X, np.array([0.0, 1.0, 0.5])), limits=(0.0, 1.0))
    painter = LinePainter(picture, THEMES[theme], scale)
    image = np.asarray(painter.paint(Frame(picture, 50)))
    (box,) = painter.boxes
    rows, columns = places(image, SERIES[0])
    inside = columns < box.right - 2 * scale
    rows, columns = rows[inside], columns[inside]
    for share, value in ((0.25, 0.5), (0.75, 0.75)):
        near = abs(columns - (box.left + share * box.width)) <= scale
        assert abs(rows[near].mean() - (box.top + (1 - value) * box.height)) < 0.02 * box.height
    assert len(places(image, "#ff0000")[0]) > box.height / 2, "the mark stands through the plot"


@pytest.mark.parametrize("dashed", [False, True])
def test_a_line_without_points_is_not_drawn(dashed: bool) -> None:
    """As the test loss of a run that records only the loss of the training."""
    empty = Series("none", np.empty(0), np.empty(0), dashed=dashed)
    picture = lines(empty, Series("one", X, np.array([0.0, 1.0, 0.5]), color=1))
    image = np.asarray(LinePainter(picture, THEMES["light"]).paint(Frame(picture, 50)))
    assert len(places(image, SERIES[1])[0]) > 0


def test_a_gap_is_a_gap() -> None:
    x = np.arange(101.0)
    y = np.where((x > 40) & (x < 60), np.nan, 0.5)
    picture = lines(Series("one", x, y), limits=(0.0, 1.0))
    painter = LinePainter(picture, THEMES["light"])
    _, columns = places(np.asarray(painter.paint(Frame(picture, 50))), SERIES[0])
    box = painter.boxes[0]
    share = (columns - box.left) / box.width
    assert not ((share > 0.42) & (share < 0.58)).any() and ((share > 0.1) & (share < 0.3)).any()


@pytest.mark.parametrize(
    ("plot", "limits"),
    [
        (Plot("a", (Series("s", X, np.array([0.25, 0.5, np.nan])),)), (0, 0.5)),
        (Plot("a", (Series("s", X, np.array([-1.0, 0.5, 3.0])),)), (-1, 3)),
        (Plot("a", (Series("s", X, np.array([0.02, 5.0, 0.0])),), log=True), (-2, 1)),
        (Plot("a", (Series("s", X, np.full(3, np.nan)),)), (0, 1)),
        (Plot("a", (), limits=(2, 5)), (2, 5)),
        (Plot("a", (Series("s", X, np.zeros(3)),), levels=(0.25,)), (0, 0.25)),
    ],
)
def test_an_axis_spans_what_there_is(plot: Plot, limits: tuple[float, float]) -> None:
    assert y_limits(plot) == limits


@pytest.mark.parametrize("ending", [".png", ".gif", ".webp"])
def test_lock_in_is_exported_as_images(trained: Any, tmp_path: Path, ending: str) -> None:
    path = export_view(trained, tmp_path / f"settle{ending}", view="attention_lock_in_timeline")
    image = Image.open(io.BytesIO(path.read_bytes()))
    assert getattr(image, "n_frames", 1) == (1 if ending == ".png" else len(trained.epochs))


def test_a_dashed_line_has_half_the_ink_and_reaches_both_ends() -> None:
    x = np.linspace(0, 100, 11)
    inks = []
    for dashed in (False, True):
        picture = Lines(
            (Plot("y", (Series("", x, np.full(11, 0.5), "train", dashed),), limits=(0, 1)),), subject="", x_label="x"
        )
        painter = LinePainter(picture, THEMES["light"])
        image, box = np.asarray(painter.paint(Frame(picture, 0))), painter.boxes[0]
        row = image[(box.top + box.bottom) // 2 - 1 : (box.top + box.bottom) // 2 + 1, box.left : box.right]
        inks.append((np.abs(row.astype(int) - ImageColor.getrgb(THEMES["light"].train)).sum(axis=2) < 120).any(axis=0))
    whole, dashes = inks
    assert whole.mean() > 0.95 and 0.4 < dashes.mean() < 0.65
    assert dashes[:4].any() and dashes[-2 * 6 - 2 :].any()
