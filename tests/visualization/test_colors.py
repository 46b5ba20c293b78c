import numpy as np
import pytest

from headlapse.visualization.colors import DIVERGING, SEQUENTIAL, color_scale

VALUES = np.linspace(0, 1, 11)


def lightness(colors):
    """Relative luminance of sRGB colours (WCAG 2)."""
    channels = colors / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("scale", SEQUENTIAL)
def test_sequential_scales_grow_lighter_throughout(scale):
    assert (np.diff(lightness(color_scale(VALUES, scale=scale).table())) > -0.002).all()


@pytest.mark.parametrize("scale", DIVERGING)
def test_diverging_scales_grow_darker_away_from_the_middle(scale):
    table = lightness(color_scale(VALUES, scale=scale).table())
    assert (np.diff(table[:128]) > -0.002).all()
    assert (np.diff(table[128:]) < 0.002).all()


def test_paint_ends_and_beyond():
    scale = color_scale(VALUES, color_range=(0.25, 0.75))
    painted = scale.paint(np.array([-9, 0.25, 0.75, 9]))
    assert painted.tolist() == [painted[1].tolist(), [68, 1, 84], [253, 231, 37], painted[2].tolist()]


def test_midpoint_is_neutral_and_distances_are_equally_strong():
    scale = color_scale(VALUES, midpoint=1 / 3)
    assert (scale.low, scale.high) == (0, 1)
    middle, below, above = scale.paint(np.array([1 / 3, 0, 2 / 3])).astype(int)
    assert abs(middle - 247).max() <= 4
    assert below[2] > below[0], "blue below"
    assert above[0] > above[2], "red above"
    assert abs(lightness(below) - lightness(above)) < 0.15


def test_epoch_range_of_flat_values_is_the_fixed_one():
    scale = color_scale(np.ones(4), color_range="epoch")
    assert (scale.low, scale.high) == (0, 1)
