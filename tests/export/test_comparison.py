"""Runs side by side: every cell of every side has the colour of its own value, in one range."""

import io

import numpy as np
import pytest
from PIL import Image

from headlapse.errors import HeadlapseError
from headlapse.export import draw_view, export_compared
from headlapse.export.comparison import NAME
from headlapse.visualization.colors import color_scale
from tests.dashboard.runs import make_variant, patterns


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs, of p = 7 and 5, with other epochs. Shared: do not write into them."""
    results = tmp_path_factory.mktemp("compared")
    return [make_variant(results, [0, 100], seed=1), make_variant(results, [0, 130], seed=2, prime=5)]


def test_sides_are_the_pictures_of_the_runs_at_their_nearest_epochs(runs, tmp_path):
    whole = np.asarray(Image.open(export_compared(runs, tmp_path / "two.png", epochs=100, choices={"from": "1"})))
    left = 0
    for run, epoch in zip(runs, (100, 130), strict=True):
        side = np.asarray(Image.open(io.BytesIO(draw_view(run, ".png", epochs=epoch, choices={"from": "1"}).content)))
        height, width, _ = side.shape
        np.testing.assert_array_equal(whole[NAME : NAME + height, left : left + width], side)
        left += width
    assert left == whole.shape[1]


def test_colors_that_follow_the_epoch_span_both_sides(runs, tmp_path):
    values = [patterns(7, 100)[:, 2, 0], patterns(5, 130)[:, 2, 0]]
    limits = (min(part.min() for part in values), max(part.max() for part in values))
    image = np.asarray(Image.open(export_compared(runs, tmp_path / "two.png", epochs=100, choices={"color": "epoch"})))
    there = {tuple(pixel) for pixel in image.reshape(-1, 3).tolist()}
    for part in values:
        assert {tuple(pixel) for pixel in color_scale(part, limits).paint(part).reshape(-1, 3).tolist()} <= there


def test_a_time_lapse_has_a_frame_per_epoch_of_the_first(runs, tmp_path):
    with Image.open(export_compared([*runs, runs[0]], tmp_path / "three.gif")) as image:
        assert image.n_frames == 2
        assert all(f"{run.family_name}/{run.name}".encode() in image.info["comment"] for run in runs)


def test_runs_are_aligned_at_grokking_and_say_how_far_they_are(tmp_path, monkeypatch):
    first = make_variant(tmp_path, [0, 100, 200, 300], seed=1)
    second = make_variant(tmp_path, [0, 50, 150, 260], seed=2, prime=5)
    monkeypatch.setattr("headlapse.export.comparison.grokked_at", {first: 200, second: 150}.get)
    told = []
    export_compared(
        [first, second], tmp_path / "two.gif", align="grokking", epochs=[100, 300], progress=lambda *words: told.append(words)
    )
    assert told == [(1, 2, 100), (2, 2, 300)]
    with Image.open(tmp_path / "two.gif") as image:
        words = image.info["comment"].decode()
    assert words.index("epochs=100-300") < words.index("epochs=50-260")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"align": "grokking"}, "has not grokked"),
        ({"align": "x"}, "align must be epoch or grokking"),
        ({"epochs": [0, 100]}, ".png shows one epoch, not 2"),
        ({"output": "two.svg"}, "must be .png, .gif or .webp"),
        ({"count": 1}, "2 to 4 runs are compared, got 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, tmp_path, options, message):
    chosen = {"output": "two.png", "count": 2, **options}
    output, count = tmp_path / chosen.pop("output"), chosen.pop("count")
    with pytest.raises(HeadlapseError, match=message):
        export_compared(runs[:count], output, **chosen)
