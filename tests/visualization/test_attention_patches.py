"""Attention over the patches of an image: each patch stands where its name says, whatever the order of the positions."""

from __future__ import annotations

import numpy as np
import pytest

from headlapse.errors import NoPictureError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.attention_patches import Patches, picture_attention_patches
from headlapse.visualization.views import ViewRegistry

ROWS, COLUMNS, HEADS, INPUTS = 2, 3, 4, 5
NAMES = [f"patch ({row}, {column})" for column in range(COLUMNS) for row in range(ROWS)]  # column by column
LABELS = RunLabels(tuple(f"Head {head}" for head in range(HEADS)), ("class", *NAMES), (Axis("input", INPUTS),))
PATTERNS = np.random.default_rng(1).random((HEADS, 1 + len(NAMES), 1 + len(NAMES), INPUTS))


def test_patches_stand_where_their_names_say() -> None:
    picture = picture_attention_patches({"patterns": PATTERNS}, 7, LABELS, to_position=2, at={"input": 3})
    assert picture.values.shape == (HEADS, ROWS, COLUMNS)
    for row in range(ROWS):
        for column in range(COLUMNS):
            place = 1 + NAMES.index(f"patch ({row}, {column})")
            np.testing.assert_array_equal(picture.values[:, row, column], PATTERNS[:, 2, place, 3])
    assert picture.heading == "patch (1, 0) attending to patches, input = 3 · epoch 7"


@pytest.mark.parametrize(
    "labels",
    [("a", "b", "="), ("0, 0", "0, 1"), ("0, 0", "0, 1", "1, 0"), ("0, 0", "0, 1", "1, 0", "1, 1", "1, 1"), ("t1", "t2")],
)
def test_names_that_fill_no_grid_are_no_patches(labels: tuple[str, ...]) -> None:
    assert Patches.among(labels) is None
    run = RunLabels(("Head 0",), labels, (Axis("input", 1),))
    assert not ViewRegistry.get("attention_patches").suits(run)
    with pytest.raises(NoPictureError, match="row and column"):
        picture_attention_patches({"patterns": np.ones((1, len(labels), len(labels), 1))}, 0, run)
