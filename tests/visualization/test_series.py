"""Small arrays of every epoch, as lines over epochs."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from headlapse.dashboard.panels import panels
from headlapse.dashboard.stamps import stamp
from headlapse.errors import InvalidValueError
from headlapse.results.run import RunLabels
from headlapse.visualization.controls import Choice
from headlapse.visualization.series import series_view
from headlapse.visualization.views import Option, View, ViewRegistry
from headlapse.workbench import Variant
from tests.dashboard.runs import add_artifact, make_variant

EPOCHS = [0, 100, 250]
TO = Choice("to", "Attending", tuple((Option(str(to), str(to)), {"to": to}) for to in (2, 1)))
VALUES = np.arange(3 * 4 * 3, dtype=np.float64).reshape(3, 4, 3) / 36


def attending(values: np.ndarray, run: RunLabels, to: int = 2) -> np.ndarray:
    return values[..., to]


@pytest.fixture
def view() -> View:
    return series_view(
        "spread", "Spread", "spread", "spread", label="nats", controls=(TO,), choose=lambda values, run, to=2: values[..., to]
    )


@pytest.fixture
def variant(tmp_path: Path) -> Variant:
    variant = make_variant(tmp_path, EPOCHS)
    for epoch, values in zip(EPOCHS, VALUES, strict=True):
        add_artifact(variant, epoch, {"spread": values}, "spread")
    return variant


@pytest.mark.parametrize("to", [1, 2])
def test_one_line_per_head_through_all_epochs(view: View, variant: Variant, to: int) -> None:
    lines = view.draw(view.load(variant.artifacts, 100), 100, variant.labels, **view.arguments({"to": str(to)}, variant.labels))
    assert [series.name for series in lines.plots[0].series] == list(variant.head_labels)
    for head, series in enumerate(lines.plots[0].series):
        assert series.x.tolist() == EPOCHS
        np.testing.assert_array_equal(series.y, VALUES[:, head, to])
    assert lines.epoch == 100 and view.is_of_run(variant.artifacts)


def test_an_epoch_that_cannot_be_read_is_no_obstacle(view: View, variant: Variant) -> None:
    variant.artifacts.paths.file("spread", 100).write_bytes(b"PK")
    lines = view.draw(view.load(variant.artifacts, 0), 0, variant.labels)
    assert lines.plots[0].series[0].x.tolist() == [0, 250]


def test_its_stamp_changes_with_any_epoch(view: View, variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ViewRegistry._items, view.name, view)
    before = stamp(variant, view, 250)
    assert stamp(variant, view, 0) == before
    add_artifact(variant, 0, {"spread": VALUES[1]}, "spread")
    assert stamp(variant, view, 250) != before
    assert [panel["view"] for panel in panels(variant)].count("spread") == 0, "the family does not name it"


def test_lines_without_a_name_are_refused(variant: Variant) -> None:
    view = series_view("spread", "Spread", "spread", "spread", label="", choose=attending, names=lambda run: "ab")
    with pytest.raises(InvalidValueError, match="a name for each of 4 series"):
        view.draw(view.load(variant.artifacts, 0), 0, variant.labels)


def test_gaps_are_gaps(view: View, variant: Variant) -> None:
    add_artifact(variant, 100, {"spread": np.full((4, 3), math.nan)}, "spread")
    series = view.draw(view.load(variant.artifacts, 0), 0, variant.labels).plots[0].series[1]
    assert math.isnan(series.y[1]) and np.isfinite(series.y[[0, 2]]).all()
