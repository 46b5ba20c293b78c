"""Every pair of positions of every head: each panel has the stored numbers of its pair."""

import numpy as np
import pytest

from headlapse.errors import InvalidValueError, OutOfRangeError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization import wire
from headlapse.visualization.attention_pairs import MOST
from headlapse.visualization.views import ViewRegistry

VIEW = ViewRegistry.get("attention_pairs")
HEADS = ("L0H0", "L0H1", "L1H0", "L1H1")


def run_of(to, from_, *sizes, heads=HEADS):
    axes = tuple(Axis(name, size) for name, size in zip("abc", sizes, strict=False))
    return RunLabels(heads, tuple(f"t{place}" for place in range(to)), axes, tuple(f"f{place}" for place in range(from_)))


def patterns_of(run, to, from_):
    sizes = (len(run.head_labels), to, from_, *(axis.size for axis in run.axes))
    return np.arange(np.prod(sizes), dtype=np.float32).reshape(sizes) / np.float32(np.prod(sizes))


def drawn(to, from_, *sizes, heads=HEADS, **chosen):
    run = run_of(to, from_, *sizes, heads=heads)
    patterns = patterns_of(run, to, from_)
    return VIEW.draw({"patterns": patterns}, 100, run, **VIEW.arguments(chosen, run)), patterns, run


def test_a_panel_for_each_pair_of_each_head_in_a_row_per_head():
    picture, patterns, _ = drawn(3, 2, 5, 4)
    np.testing.assert_array_equal(picture.values, patterns.reshape(-1, 5, 4))
    assert picture.names[:7] == (
        "L0H0 t0:f0",
        "L0H0 t0:f1",
        "L0H0 t1:f0",
        "L0H0 t1:f1",
        "L0H0 t2:f0",
        "L0H0 t2:f1",
        "L0H1 t0:f0",
    )
    assert (picture.rows, picture.columns) == (4, 6)
    assert picture.subject == "every position attending to every position"
    assert picture.values.dtype == np.float32 and picture.limits == (0, 1)


def test_a_panel_opens_its_head_and_its_pair():
    picture, patterns, run = drawn(3, 2, 5, 4, layer="1")
    heads = ViewRegistry.get("attention_heads_grid")
    for panel, opening in enumerate(picture.openings):
        chosen = heads.arguments({**opening.choices, "layer": "1"}, run)
        opened = ViewRegistry.get(opening.view).draw({"patterns": patterns}, 100, run, **chosen)
        np.testing.assert_array_equal(opened.values[opening.panel], picture.values[panel])
    assert len(wire.grids(picture)["openings"]) == len(picture.names) == 2 * 3 * 2
    assert picture.only([5]).openings == (picture.openings[5],)


@pytest.mark.parametrize(
    ("chosen", "part", "subject"),
    [
        ({"attending": "2"}, np.s_[:, 2:3], "t2 attending to every position"),
        ({"attended": "1"}, np.s_[:, :, 1:2], "every position attending to f1"),
        ({"attending": "0", "attended": "1", "layer": "1"}, np.s_[2:, :1, 1:2], "t0 attending to f1"),
    ],
)
def test_one_position_can_be_kept(chosen, part, subject):
    picture, patterns, _ = drawn(3, 2, 5, 4, **chosen)
    np.testing.assert_array_equal(picture.values, patterns[part].reshape(-1, 5, 4))
    assert picture.subject == subject


def test_of_many_positions_the_last_are_shown_which_the_subject_says():
    picture, patterns, _ = drawn(40, 30, 2, 3)
    np.testing.assert_array_equal(picture.values, patterns[:, 34:, 24:].reshape(-1, 2, 3))
    last = "each of the last 6 of {} positions"
    assert picture.subject == f"{last.format(40)} attending to {last.format(30)}" and len(picture.names) == MOST
    one, patterns, _ = drawn(40, 30, 2, 3, attending="7")
    np.testing.assert_array_equal(one.values, patterns[:, 7].reshape(-1, 2, 3))
    many, patterns, _ = drawn(4, 4, 2, 3, heads=tuple(f"L{layer}H{head}" for layer in range(20) for head in range(12)))
    np.testing.assert_array_equal(many.values, patterns[:, -1, -1])


def test_the_subject_says_that_one_pair_of_many_heads_is_the_last():
    heads = tuple(f"L{layer}H{head}" for layer in range(12) for head in range(12))
    picture, _, _ = drawn(3, 2, 4, 5, heads=heads)
    assert picture.subject == "the last of 3 positions (t2) attending to the last of 2 positions (f1)"
    chosen, _, _ = drawn(3, 2, 4, 5, heads=heads, attending="2", attended="1")
    assert chosen.subject == "t2 attending to f1"
    np.testing.assert_array_equal(chosen.values, picture.values)


def test_inputs_with_one_axis_have_a_panel_for_each_position_that_attends():
    picture, patterns, run = drawn(3, 2, 5)
    np.testing.assert_array_equal(picture.values, patterns.reshape(-1, 2, 5).swapaxes(1, 2))
    assert picture.subject == "every position attending" and picture.openings[4].choices == {"to": "1"}
    assert [control.name for control in VIEW.controls_of(run)][:2] == ["attending", "layer"]


def test_three_axes_show_two_at_a_place_of_the_third():
    picture, patterns, _ = drawn(3, 2, 5, 4, 6, plane="a,c", **{"at-b": "3"})
    np.testing.assert_array_equal(picture.values, patterns[..., 3, :].reshape(-1, 5, 6))
    assert picture.subject.endswith(", b = 3")


def test_heads_of_one_layer_have_short_names_and_others_their_own():
    assert drawn(1, 1, 2, 3, heads=("Head 0", "Head 1"))[0].names == ("H0 t0:f0", "H1 t0:f0")


def test_positions_that_are_not_there_are_refused():
    with pytest.raises(OutOfRangeError, match="attending 3 is out of range"):
        drawn(3, 2, 5, 4, attending="3")
    with pytest.raises(InvalidValueError, match="attended must be 'all' or the number of a position"):
        drawn(3, 2, 5, 4, attended="x")
