"""Runs side by side: every cell of every side has the colour of its own value, in one range."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from headlapse.errors import HeadlapseError
from headlapse.export import draw_compared, draw_view, export_compared
from headlapse.export.asked import frames_of
from headlapse.export.comparison import compared
from headlapse.export.images import NAME
from headlapse.export.layout import Layout
from headlapse.export.side_figures import figure_of
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


def test_a_time_lapse_has_a_frame_per_epoch_of_all_runs(runs, tmp_path):
    told = []
    path = export_compared([*runs, runs[0].at(0)], tmp_path / "three.gif", progress=lambda *words: told.append(words))
    assert told == [(1, 3, 0), (2, 3, 100), (3, 3, 130)]
    with Image.open(path) as image:
        assert image.n_frames == 2  # Pillow joins the last two, which are the same
        assert all(f"{run.family_name}/{run.name}".encode() in image.info["comment"] for run in runs)


def test_runs_are_aligned_at_grokking_and_say_how_far_they_are(tmp_path, monkeypatch):
    first = make_variant(tmp_path, [0, 100, 200, 300], seed=1)
    second = make_variant(tmp_path, [0, 50, 150, 260], seed=2, prime=5)
    monkeypatch.setattr("headlapse.export.alignment.grokked_at", {first: 200, second: 150}.get)
    told = []
    export_compared(
        [first, second], tmp_path / "two.gif", align="grokking", epochs=[100, 300], progress=lambda *words: told.append(words)
    )
    assert told == [(1, 2, 100), (2, 2, 300)]
    with Image.open(tmp_path / "two.gif") as image:
        words = image.info["comment"].decode()
    assert words.index("epochs=100-300") < words.index("epochs=50-260")


def test_a_run_that_has_not_grokked_is_not_shifted_and_says_so(tmp_path, monkeypatch):
    never = make_variant(tmp_path, [0, 100, 200, 300], seed=1)
    late, early = (make_variant(tmp_path, [0, 50, 150, 260], seed=seed, prime=5) for seed in (2, 3))
    monkeypatch.setattr("headlapse.export.alignment.grokked_at", {late: 150, early: 50}.get)
    shown = compared([never, late, early], "attention_heads_grid", align="grokking", moves=True)
    assert shown.shifts == (0, 0, 100)
    assert {moment.epoch: moment.shown for moment in shown.moments}[200] == (200, 150, 50)
    assert "has not grokked by epoch 300, not shifted" in shown.words[0]
    assert [words.rpartition(" · ")[2] for words in shown.words[1:]] == ["groks at epoch 150", "groks at epoch 50"]
    with pytest.warns(UserWarning, match="seed1 .* has not grokked by epoch 300, not shifted"):
        export_compared([never, late, early], tmp_path / "three.png", align="grokking")


def test_two_runs_with_the_same_axes_have_their_difference_and_one_may_stay_at_an_epoch(runs, tmp_path):
    run, epochs = runs[0], (100, 0)
    one, other = (patterns(7, epoch)[:, 2, 0] for epoch in epochs)
    whole = np.asarray(Image.open(export_compared([run, run.at(0)], tmp_path / "pinned.png", epochs=100)))
    sides = [np.asarray(Image.open(io.BytesIO(draw_view(run, ".png", epochs=epoch).content))) for epoch in epochs]
    height, width, _ = sides[0].shape
    assert whole.shape == (NAME + height, 3 * width, 3)
    for place, side in enumerate(sides):
        np.testing.assert_array_equal(whole[NAME:, place * width :][:, :width], side)
    expected = color_scale(one, (-1, 1), midpoint=0.0).paint(other - one)
    box = Layout.of(draw_view_picture(run), 1, False).panels[3]
    cell = box.width // 7
    drawn = whole[NAME + box.top :, 2 * width + box.left :][cell // 2 : box.height : cell, cell // 2 : box.width : cell]
    np.testing.assert_array_equal(drawn, expected[3])


def draw_view_picture(run):
    return frames_of(run, "attention_heads_grid", 0).picture(0)


@pytest.mark.parametrize("zoom", [None, "1-4,2-6"])
def test_values_of_all_sides_are_exported(runs, zoom):
    rows = list(csv.DictReader(io.StringIO(draw_compared(runs, ".csv", epochs=130, zoom=zoom).content.decode())))
    saved = np.load(io.BytesIO(draw_compared([runs[0], runs[1].at(0)], ".npz", zoom=zoom).content))
    for number, (run, p, epoch) in enumerate(zip(runs, (7, 5), (100, 130), strict=True)):
        part = np.s_[:, 1:5, 2 : min(p, 7)] if zoom else np.s_[:]
        mine = [row for row in rows if row["variant"].endswith(run.name)]
        assert [np.float32(row["attention"]) for row in mine] == patterns(p, epoch)[:, 2, 0][part].reshape(-1).tolist()
        assert {row["epoch"] for row in mine} == {str(epoch)}
        shown = [0, 100, 100] if number == 0 else [0, 0, 0]
        assert saved[f"epochs_{number}"].tolist() == shown
        np.testing.assert_array_equal(saved[f"values_{number}"], [patterns(p, epoch)[:, 2, 0][part] for epoch in shown])
    assert saved["moments"].tolist() == [0, 100, 130]


def test_the_vector_figure_has_the_cells_of_all_sides_and_their_difference(runs):
    run = runs[0]
    shown = compared([run, run.at(0)], "attention_heads_grid", 100)
    figure = figure_of(shown)
    one, other = (patterns(7, epoch)[:, 2, 0] for epoch in (100, 0))
    np.testing.assert_array_equal([trace.z for trace in figure.data], [*one, *other, *(other - one)])
    used = {(trace.xaxis, trace.yaxis) for trace in figure.data}
    assert len(used) == 12
    for x, y in used:
        assert figure.layout["xaxis" + x[1:]].anchor == y
    spans = [figure.layout["xaxis" + trace.xaxis[1:]].domain for trace in figure.data]
    for at in (4, 8):
        assert max(end for _, end in spans[at - 4 : at]) < min(start for start, _ in spans[at : at + 4])
    ranges = [(axis.cmin, axis.cmax) for axis in (figure.layout.coloraxis, figure.layout.coloraxis2, figure.layout.coloraxis3)]
    assert ranges == [(0, 1), (0, 1), (-1, 1)]
    said = [note.text for note in figure.layout.annotations]
    assert run.label in said and f"{run.label} · pinned" in said and "Second minus first" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"align": "x"}, "align must be epoch or grokking"),
        ({"epochs": [0, 100]}, ".png shows one epoch, not 2"),
        ({"output": "two.bmp"}, "must end in one of .png, .svg"),
        ({"epochs": 50}, "epoch 50 is not there"),
        ({"view": "attention_lock_in_timeline"}, "is not a view of grids"),
        ({"count": 1}, "2 to 4 runs are compared, got 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, tmp_path, options, message):
    chosen = {"output": "two.png", "count": 2, **options}
    output, count = tmp_path / chosen.pop("output"), chosen.pop("count")
    with pytest.raises(HeadlapseError, match=message):
        export_compared(runs[:count], output, **chosen)
