"""Labels of ticks neither overlap nor leave the picture, however long the names of places are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from headlapse.export.layout import Layout
from headlapse.export.painter import painter_of
from headlapse.export.theme import font, get_theme
from headlapse.export.tick_labels import ticks_side_by_side, widest_label
from headlapse.families.axes import Axis
from headlapse.visualization.figures import grids_figure
from headlapse.visualization.pictures import Grids, grids

NUMBERS = [Axis("a", 31), Axis("b", 29)]
NAMES = [
    Axis("first factor", 60, tuple(f"({n} 2 3 4)(5 6)" for n in range(60))),
    Axis("b", 40, tuple(f"({n} 9 8)" for n in range(40))),
]


def picture_over(axes: list[Axis]) -> Grids:
    values = np.linspace(0, 1, 4 * axes[0].size * axes[1].size).reshape(4, axes[0].size, axes[1].size)
    return grids(values, [f"Head {head}" for head in range(4)], axes, subject="heads")


@pytest.mark.parametrize("scale", [1, 2])
def test_names_have_room_beside_and_below_the_panels(scale):
    layout, (down, right) = Layout.of(picture_over(NAMES), scale, losses=False), NAMES
    first, second = layout.panels[:2]
    label = widest_label(down, scale)
    assert second.left - first.right > label + 7 * scale, "none reaches into the panel on its left"
    assert layout.name > label + 7 * scale, "the name of the axis is beside them"
    assert first.left > layout.name + font(14 * scale).getlength(down.name), "and inside the picture"
    ticks = ticks_side_by_side(right, layout.cell, scale)
    widths = [font(12 * scale).getlength(right.ticks[tick]) for tick in ticks]
    apart = [(later - tick) * layout.cell for tick, later in itertools.pairwise(ticks)]
    assert len(ticks) >= 2 and min(apart) > max(widths)


def test_numbers_need_no_more_room_than_there_is():
    layout = Layout.of(picture_over(NUMBERS), 1, losses=False)
    first, second = layout.panels[:2]
    assert (first.left, second.left - first.right, layout.name) == (60, 46, 32)
    assert ticks_side_by_side(NUMBERS[1], layout.cell, 1) == [0, 5, 10, 15, 20, 25]


def test_nothing_is_painted_at_the_edges():
    picture = picture_over(NAMES)
    background = np.asarray(painter_of(picture, get_theme("light")).background)
    edges = np.concatenate([background[:, :4].reshape(-1, 3), background[:, -4:].reshape(-1, 3)])
    assert (edges == edges[0]).all()


def test_figures_have_the_room_and_fewer_ticks_side_by_side():
    names, numbers = grids_figure(picture_over(NAMES)), grids_figure(picture_over(NUMBERS))
    gaps = [figure.layout.xaxis2.domain[0] - figure.layout.xaxis.domain[1] for figure in (names, numbers)]
    assert gaps[0] * names.layout.width > 100 and numbers.layout.xaxis.tickvals is None
    assert len(names.layout.xaxis.tickvals) < len(names.layout.yaxis.tickvals) <= 6
    assert names.layout.width > numbers.layout.width
