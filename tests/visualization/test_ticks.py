import numpy as np
import pytest

from headlapse.visualization.ticks import index_ticks, nice_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 112, [0, 20, 40, 60, 80, 100]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 30, [0, 10, 20, 30]),
        (0.25, 0.5, [0.25, 0.3, 0.35, 0.4, 0.45, 0.5]),
        (-8, 1, [-8, -6, -4, -2, 0]),
    ],
)
def test_ticks_are_round_numbers(low, high, ticks):
    np.testing.assert_allclose(nice_ticks(low, high), ticks, atol=1e-12)


@pytest.mark.parametrize(("size", "ticks"), [(113, [0, 20, 40, 60, 80, 100]), (7, [0, 2, 4, 6]), (3, [0, 1, 2]), (1, [0])])
def test_ticks_of_places_are_whole(size, ticks):
    assert index_ticks(size) == ticks
