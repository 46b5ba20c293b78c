"""Which cells a grid shows of inputs with one axis, two and more; every cell has a number of its own."""

from __future__ import annotations

import numpy as np
import pytest

from headlapse.errors import InvalidValueError, OutOfRangeError, UnknownNameError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.attention_entropy import picture_attention_entropy
from headlapse.visualization.attention_patterns import picture_attention_heads
from headlapse.visualization.attention_positions import picture_attention_positions
from headlapse.visualization.planes import place_control, plane

AXES = (Axis("a", 4), Axis("b", 5), Axis("c", 6, tuple("uvwxyz")))
VALUES = np.arange(2 * 4 * 5 * 6, dtype=np.float64).reshape(2, 4, 5, 6)
HEADS = ("L0H0", "L0H1", "L1H0")
POSITIONS = ("p", "q")


def labels(*axes: Axis) -> RunLabels:
    return RunLabels(HEADS, POSITIONS, axes)


def distinct(*shape: int) -> np.ndarray:
    return (np.arange(np.prod(shape), dtype=np.float64) / np.prod(shape)).reshape(shape)


@pytest.mark.parametrize(
    ("shown", "at", "expected", "names"),
    [
        (None, None, VALUES[:, :, :, 0], ("a", "b")),
        (("a", "b"), {"c": 5}, VALUES[:, :, :, 5], ("a", "b")),
        (("a", "c"), {"b": -1}, VALUES[:, :, 4, :], ("a", "c")),
        (("c", "b"), {"a": 2}, VALUES[:, 2].swapaxes(1, 2), ("c", "b")),
        (("b", "c"), {"a": "mean"}, VALUES.mean(axis=1), ("b", "c")),
        (("b", "a"), {"c": 1, "a": 3}, VALUES[:, :, :, 1].swapaxes(1, 2), ("b", "a")),
    ],
)
def test_a_plane_of_three_axes(shown, at, expected, names):
    values, axes = plane(VALUES, AXES, shown, at)
    np.testing.assert_array_equal(values, expected)
    assert tuple(axis.name for axis in axes) == names


@pytest.mark.parametrize(
    ("shown", "at", "error"),
    [
        (("a", "a"), None, InvalidValueError),
        (("a", "d"), None, UnknownNameError),
        (("a", "b"), {"c": 6}, OutOfRangeError),
        (("a", "b"), {"d": 0}, UnknownNameError),
        (("a", "b"), {"c": "all"}, InvalidValueError),
    ],
)
def test_a_plane_that_is_not_there_is_named(shown, at, error):
    with pytest.raises(error):
        plane(VALUES, AXES, shown, at)


def test_one_axis_gives_inputs_by_positions():
    patterns = distinct(3, 2, 2, 7)
    picture = picture_attention_heads({"patterns": patterns}, 0, labels(Axis("input", 7)), to_position=1)
    np.testing.assert_array_equal(picture.values, patterns[:, 1].swapaxes(1, 2))
    assert [(axis.name, axis.size, axis.ticks) for axis in picture.axes] == [("input", 7, None), ("position", 2, POSITIONS)]
    entropy = distinct(3, 2, 7)
    spread = picture_attention_entropy({"entropy": entropy}, 0, labels(Axis("input", 7)))
    np.testing.assert_array_equal(spread.values, entropy.swapaxes(1, 2))


def test_three_axes_of_patterns_say_where_they_stand():
    patterns = distinct(3, 2, 2, 4, 5, 6)
    chosen = {"to_position": 1, "from_position": 0, "shown": ("a", "c"), "at": {"b": 3}}
    picture = picture_attention_heads({"patterns": patterns}, 0, labels(*AXES), **chosen)
    np.testing.assert_array_equal(picture.values, patterns[:, 1, 0, :, 3])
    assert picture.subject == "q attending to p, b = 3" and picture.axes[1].ticks == tuple("uvwxyz")


@pytest.mark.parametrize(("layer", "heads"), [(None, [0, 1, 2]), (0, [0, 1]), (1, [2])])
def test_the_heads_of_one_layer(layer, heads):
    patterns = distinct(3, 2, 2, 4, 5)
    for picture in (picture_attention_heads, picture_attention_positions):
        shown = picture({"patterns": patterns}, 0, labels(*AXES[:2]), layer=layer)
        assert shown.names == tuple(HEADS[head] for head in heads)
    np.testing.assert_allclose(shown.values, patterns[heads].mean(axis=(3, 4)), rtol=0, atol=1e-15)
    assert picture_attention_heads({"patterns": patterns}, 0, labels(*AXES[:2])).places == ((0, 0), (0, 1), (1, 0))


def test_positions_of_one_input_and_of_the_mean_over_some():
    patterns = distinct(3, 2, 2, 4, 5, 6)
    run = labels(*AXES)
    one = picture_attention_positions({"patterns": patterns}, 0, run, at={"a": 1, "b": 2, "c": 3})
    np.testing.assert_array_equal(one.values, patterns[..., 1, 2, 3])
    assert one.subject == "a = 1, b = 2, c = x"
    some = picture_attention_positions({"patterns": patterns}, 0, run, at={"b": 2})
    np.testing.assert_allclose(some.values, patterns[..., 2, :].mean(axis=(3, 4)), rtol=0, atol=1e-15)
    assert some.subject == "mean over a, b = 2, mean over c"
    assert (one.axes[0].name, one.axes[1].name, one.axes[0].ticks) == ("to", "from", POSITIONS)


def test_a_place_that_is_not_there_is_named_in_one_short_line():
    with pytest.raises(InvalidValueError, match=r"^at-a must be one of mean, 0, 1, \.\.\., 112; got '113'$"):
        place_control(Axis("a", 113), "mean").arguments("113")


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(OutOfRangeError, match="layer 2 is out of range; valid: 0 to 1"):
        picture_attention_positions({"patterns": distinct(3, 2, 2, 4, 5)}, 0, labels(*AXES[:2]), layer=2)
