"""The values of pictures as files, which numpy and a reader of CSV read back as they are stored."""

import csv
import io

import numpy as np
import pytest

from headlapse.errors import HeadlapseError, InvalidValueError
from headlapse.export import draw_view, export_view
from headlapse.export.data import arrays, as_csv, float_words
from headlapse.export.timelapse import timelapse
from headlapse.visualization.regions import Region
from headlapse.visualization.series import series_view
from tests.dashboard.runs import patterns

ENTROPY = series_view(
    "mean_entropy",
    "Mean entropy",
    "attention_entropy",
    "entropy",
    label="nats",
    choose=lambda entropy, _run: np.asarray(entropy).mean(axis=(2, 3, 4), dtype=np.float64),
)


def rows_of(drawing):
    return list(csv.DictReader(io.StringIO(drawing.content.decode())))


def arrays_of(drawing):
    return dict(np.load(io.BytesIO(drawing.content)))


def test_npz_holds_the_stored_numbers_of_all_epochs_with_their_names(variant):
    found = arrays_of(draw_view(variant, ".npz", choices={"to": "2", "from": "1"}))
    stored = np.stack([patterns(7, epoch)[:, 2, 1] for epoch in variant.epochs])
    np.testing.assert_array_equal(found["values"], stored)
    assert found["values"].dtype == np.float32
    assert found["dimensions"].tolist() == ["epoch", "head", "a", "b"]
    assert found["epochs"].tolist() == variant.epochs and found["panels"].tolist() == list(variant.head_labels)
    assert found["rows"].tolist() == found["columns"].tolist() == list(range(7))
    assert str(found["variant"]) == f"{variant.family_name}/{variant.name}"
    assert str(found["subject"]) == "= attending to b" and "from=1" in str(found["identity"])
    assert found["test_loss"].tolist() == [variant.losses.at(epoch)[1] for epoch in variant.epochs]


def test_csv_holds_the_stored_numbers_of_one_epoch_a_row_each(variant):
    rows = rows_of(draw_view(variant, ".csv", epochs=100, choices={"from": "1"}))
    assert list(rows[0]) == ["variant", "view", "subject", "epoch", "head", "a", "b", "attention"]
    stored = patterns(7, 100)[:, 2, 1]
    for row in rows:
        head = variant.head_labels.index(row["head"])
        assert np.float32(row["attention"]) == stored[head, int(row["a"]), int(row["b"])]
    assert len(rows) == stored.size and {row["epoch"] for row in rows} == {"100"}


def test_a_part_of_one_head_keeps_the_numbers_of_its_places(variant):
    chosen = {"epochs": 100, "panel": 3, "zoom": "1-4,2-6"}
    stored = patterns(7, 100)[3, 2, 0, 1:5, 2:7]
    found = arrays_of(draw_view(variant, ".npz", **chosen))
    np.testing.assert_array_equal(found["values"], stored[None, None])
    assert (found["rows"].tolist(), found["columns"].tolist()) == ([1, 2, 3, 4], [2, 3, 4, 5, 6])
    rows = rows_of(draw_view(variant, ".csv", **chosen))
    assert [(row["head"], row["a"], row["b"]) for row in rows[:2]] == [("Head 3", "1", "2"), ("Head 3", "1", "3")]
    assert [np.float32(row["attention"]) for row in rows] == stored.reshape(-1).tolist()


def test_names_of_positions_stand_for_places(variant):
    found = arrays_of(draw_view(variant, ".npz", view="attention_positions", epochs=0))
    assert found["rows"].tolist() == found["columns"].tolist() == ["a", "b", "="]
    np.testing.assert_allclose(found["values"][0], patterns(7, 0).astype(np.float64).mean(axis=(3, 4)), rtol=1e-12)


def test_lines_are_points(variant):
    frames = timelapse(variant, ENTROPY, [0], {})
    found = arrays(frames)
    stored = variant.artifacts.load_epochs("attention_entropy")["entropy"].mean(axis=(2, 3, 4), dtype=np.float64)
    assert found["series"].tolist() == np.repeat(variant.head_labels, len(variant.epochs)).tolist()
    np.testing.assert_array_equal(found["x"].reshape(4, -1), np.tile(variant.epochs, (4, 1)))
    np.testing.assert_allclose(found["y"].reshape(4, -1), stored.T, rtol=1e-12)
    assert found["dimensions"].tolist() == ["epoch", "y"]
    rows = list(csv.DictReader(io.StringIO(as_csv(frames).decode())))
    assert list(rows[0])[4:] == ["plot", "series", "x: epoch", "y"]
    assert [float(row["y"]) for row in rows] == found["y"].tolist()


def test_values_survive_their_text():
    for value in (np.float32(1) / np.float32(3), np.float32(1e-38), np.float64(0.1) + 0.2):
        assert type(value)(float_words(value)) == value
    assert float_words(np.float32("nan")) == ""


def test_the_same_values_are_not_written_twice(variant, folder):
    for ending in (".csv", ".npz"):
        drawing = draw_view(variant, ending, epochs=100)
        assert drawing.identity.encode() in drawing.content or ending == ".csv"
    assert export_view(variant, "values.csv", epochs=0).read_bytes() == export_view(variant, "again.csv", epochs=0).read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"zoom": "1-2"}, "zoom must be ROWS,COLUMNS, each FIRST-LAST, as in '10-40,3-20', got '1-2'"),
        ({"zoom": "4-1,0-3"}, "zoom must be ROWS,COLUMNS"),
        ({"zoom": "0-3,2-7"}, "zoom goes to b 7; valid: 0 to 6"),
    ],
)
def test_a_part_that_is_not_there_is_refused(variant, options, message):
    with pytest.raises(HeadlapseError, match=message):
        draw_view(variant, ".png", epochs=100, **options)


def test_lines_have_no_part(variant):
    with pytest.raises(InvalidValueError, match="mean_entropy is not a view of grids; only grids can be zoomed"):
        timelapse(variant, ENTROPY, [0], {}, region=Region((0, 1), (0, 1)))
