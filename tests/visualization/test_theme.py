"""One theme, readable on its own paper."""

from itertools import combinations

import numpy as np
import pytest

from headlapse.visualization.theme import COLORS, SERIES, THEMES


def rgb(color):
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])


def luminance(color):
    """WCAG 2."""
    channels = rgb(color) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("color", SERIES)
def test_every_series_is_seen_on_either_paper(color, name):
    assert contrast(color, THEMES[name].paper) > 2


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize("color", ["text", "soft", "faint", "train", "test", "accent", "good", "warn", "bad", "run-0", "run-3"])
def test_words_are_readable_on_every_ground(color, name):
    assert min(contrast(COLORS[name][color], COLORS[name][ground]) for ground in ("paper", "page", "raised")) >= 4.5


def test_series_and_losses_are_told_apart():
    losses = [THEMES["light"].train, THEMES["light"].test]
    assert min(np.abs(rgb(one) - rgb(other)).max() for one, other in combinations([*SERIES, *losses], 2)) > 40


def test_both_themes_have_the_same_names():
    assert COLORS["light"].keys() == COLORS["dark"].keys()
