"""Pictures of frequencies: the heat map, the timeline, one frequency of a head, waves, and the order of inputs."""

from __future__ import annotations

import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.axis_orders import in_order, order_controls
from headlapse.visualization.frequency_table import key_frequencies
from headlapse.visualization.head_waves import wave_controls, waves_over
from headlapse.visualization.views import ViewRegistry

P = 7
AXES = (Axis("a", P), Axis("b", P))


def draw(run, name: str, epoch: int = 40, **options: str):
    view = ViewRegistry.get(name)
    arguments = view.arguments(options, run.labels)
    return view.draw(view.load(run.artifacts, epoch), epoch, run.labels, **arguments)


def test_the_map_shows_every_share_of_scores_and_pattern(trained):
    found = trained.artifacts.load_epoch("head_frequencies", 40)
    picture = draw(trained, "head_frequencies_map", **{"to": "1", "from": "0"})
    assert picture.names == ("score", "pattern") and picture.places == ((0, 0), (1, 0))
    np.testing.assert_array_equal(picture.values[0], found["score_share"])
    np.testing.assert_array_equal(picture.values[1], found["pattern_share"][:, 1, 0])
    assert picture.axes == (Axis("head", 4, ("0", "1", "2", "3")), Axis("frequency", 3, ("1", "2", "3")))
    assert "b attending to a" in picture.subject


def test_a_head_with_constant_attention_is_empty(trained):
    picture = draw(trained, "head_frequencies_map", to="0")
    assert np.isnan(picture.values[1]).all() and np.isfinite(picture.values[0]).all()


def test_where_no_score_is_known_the_pattern_stands_alone(trained):
    found = dict(trained.artifacts.load_epoch("head_frequencies", 40))
    found["score_share"] = np.full_like(found["score_share"], np.nan)
    picture = ViewRegistry.get("head_frequencies_map").draw(found, 40, trained.labels)
    assert picture.names == ("pattern",)


def test_the_timeline_has_the_three_strongest_of_each_head_and_what_happened(trained):
    history = trained.artifacts.load_run("head_frequency_history")
    picture = draw(trained, "head_frequency_timeline")
    assert len(picture.plots) == 4
    for head, plot in enumerate(picture.plots):
        order = np.argsort(-history["score_share"][:, head].max(axis=0), kind="stable")
        assert [series.name for series in plot.series] == [f"Head {head}: {place + 1}" for place in order]
        np.testing.assert_allclose(plot.series[0].y, history["score_share"][:, head, order[0]])
    of_pattern = draw(trained, "head_frequency_timeline", quantity="pattern")
    np.testing.assert_allclose(max(of_pattern.plots[2].series[0].y), history["pattern_share"][:, 2].max())
    assert picture.losses is not None
    switched = [mark for mark in picture.marks if "switches" in mark.label]
    assert len(switched) == len(history["switches"])


def test_marks_name_settling_and_switching():
    shares = np.full((3, 2, 3), 0.2)
    losses = np.ones(3)
    arrays = {
        "epochs": np.array([0, 5, 9]),
        "score_share": shares,
        "pattern_share": shares,
        "dominant": np.array([[3, 0], [2, 0], [2, 0]]),
        "settled": np.array([5.0, np.nan]),
        "switches": np.array([[5, 0, 3, 2]]),
        "grokking_epoch": np.array(np.nan),
        "train_loss": losses,
        "test_loss": losses,
    }
    marks = ViewRegistry.get("head_frequency_timeline").marks_of(arrays, RunLabels(("Head 0", "Head 1"), ("a", "b"), AXES))
    words = {(mark.epoch, mark.label) for mark in marks}
    assert words == {(5, "Head 0 settles on frequency 2"), (5, "Head 0 switches from frequency 3 to 2")}


def test_one_frequency_explains_as_much_as_the_analyzer_says(trained):
    found = trained.artifacts.load_epoch("head_frequencies", 60)
    for head in range(4):
        real, one, difference = draw(trained, "one_frequency_head", 60, head=str(head)).values
        np.testing.assert_array_equal(real, trained.patterns(60)[head, 2, 0])
        np.testing.assert_allclose(difference, np.abs(real - one), atol=1e-12)
        explained = 1 - np.square(real - one).sum() / np.square(real - real.mean()).sum()
        assert explained == pytest.approx(found["fve"][head], abs=1e-5)


def test_of_other_pairs_it_is_the_nine_terms_of_the_pattern(trained):
    share = trained.artifacts.load_epoch("head_frequencies", 60)["pattern_share"][1, 1, 0, 1]
    real, one, _ = draw(trained, "one_frequency_head", 60, head="1", to="1", frequency="2").values
    assert 1 - np.square(real - one).sum() / np.square(real - real.mean()).sum() == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "value"), [("frequency", "4"), ("frequency", "0"), ("order", "frequency-4"), ("order", "log")]
)
def test_a_frequency_or_an_order_that_is_not_there_is_named(trained, name, value):
    with pytest.raises(InvalidValueError, match=f"{name} must be"):
        draw(trained, "one_frequency_head", **{name: value})


@pytest.mark.parametrize(
    "view", ["attention_heads_grid", "attention_single_head", "attention_entropy_grid", "one_frequency_head"]
)
@pytest.mark.parametrize("order", ["logarithm", "frequency-2"])
def test_every_grid_over_inputs_can_be_ordered_and_keeps_the_real_numbers(trained, view, order):
    natural, ordered = draw(trained, view), draw(trained, view, order=order)
    numbers = [int(tick) for tick in ordered.axes[0].ticks]
    assert ordered.axes[1].ticks == ordered.axes[0].ticks and sorted(numbers) == list(range(P))
    assert numbers == {"logarithm": [1, 3, 2, 6, 4, 5, 0], "frequency-2": [0, 4, 1, 5, 2, 6, 3]}[order]
    for y, a in enumerate(numbers):
        for x, b in enumerate(numbers):
            np.testing.assert_array_equal(ordered.values[:, y, x], natural.values[:, a, b])


def test_multiplication_is_a_wave_by_logarithm():
    a, b = np.mgrid[:P, :P]
    product = np.zeros((P, P))
    product[1:, 1:] = np.cos(2 * np.pi * np.array([0, 0, 2, 1, 4, 5, 3])[a * b % P] / 6)[1:, 1:]
    (found,), _ = in_order(product[None], AXES, "logarithm")
    x, y = np.mgrid[:6, :6]
    np.testing.assert_allclose(found[:6, :6], np.cos(2 * np.pi * (x + y) / 6), atol=1e-12)


def test_axes_that_are_no_numbers_modulo_p_have_no_order_and_no_waves():
    others = (Axis("x", 2, ("p", "q")), Axis("y", 2, ("p", "q")))
    assert order_controls(others) == wave_controls(others) == () == waves_over(np.ones((1, 2, 2)), others)
    with pytest.raises(InvalidValueError, match="numbers modulo"):
        in_order(np.ones((1, 2, 2)), others, "frequency-1")
    without_zero = Axis("b", 4, ("1", "2", "3", "4"))
    assert in_order(np.zeros((1, 4, 4)), (without_zero, without_zero), "logarithm")[1][0].ticks == ("1", "2", "4", "3")
    quotients = in_order(np.zeros((1, 5, 4)), (Axis("a", 5), without_zero), "logarithm")[1]
    assert [axis.ticks for axis in quotients] == [("1", "2", "4", "3", "0"), ("1", "2", "4", "3")]
    assert order_controls((Axis("a", 6), without_zero)) == ()
    assert [option.value for option in order_controls((Axis("a", 6), Axis("b", 6)))[0].options({}, None)] == [
        "natural",
        "frequency-1",
        "frequency-2",
        "frequency-3",
    ]


@pytest.mark.parametrize("order", [None, "frequency-3", "logarithm"])
def test_waves_swing_where_attention_is_strong(order):
    a, b = np.mgrid[:P, :P]
    grid = 0.5 + 0.2 * np.cos(2 * np.pi * 3 * (a - 2) / P) - 0.1 * np.cos(2 * np.pi * 3 * (b - 1) / P)
    values, axes = in_order(np.stack([np.full((P, P), 0.5), grid]), AXES, order)
    down, right = waves_over(values, axes)
    assert down.panel == right.panel == 1, "even attention has no wave"
    assert down.rows == right.columns == tuple(range(P))
    numbers = [int(tick) for tick in axes[0].ticks or range(P)]
    side = P - 1
    for place, x in enumerate(numbers):
        assert down.columns[place] == pytest.approx(
            side * (0.1 + 0.07 * _unit(np.cos(2 * np.pi * 3 * (np.arange(P) - 2) / P))[x])
        )
        assert right.rows[place] == pytest.approx(
            side * (0.1 + 0.07 * _unit(-np.cos(2 * np.pi * 3 * (np.arange(P) - 1) / P))[x])
        )


def test_by_logarithm_waves_run_over_the_logarithms():
    wave = np.cos(2 * np.pi * 2 * np.arange(P - 1) / (P - 1))
    values = np.full((1, P, P), 0.9)  # of 0, which is last and has no logarithm
    values[0, :-1, :-1] = 0.5 + 0.2 * wave[:, None] - 0.1 * wave
    axis = Axis("a", P, ("1", "3", "2", "6", "4", "5", "0"))
    down, right = waves_over(values, (axis, axis), "logarithm")
    assert down.rows == right.columns == tuple(range(P - 1))
    np.testing.assert_allclose(down.columns, (P - 2) * (0.1 + 0.07 * wave))
    np.testing.assert_allclose(right.rows, (P - 2) * (0.1 + 0.07 * _unit(-wave)))


def _unit(wave: np.ndarray) -> np.ndarray:
    return wave / np.abs(wave).max()


def test_the_button_puts_waves_over_the_heads(trained):
    assert draw(trained, "attention_heads_grid", waves="off").curves == ()
    picture = draw(trained, "attention_heads_grid", waves="on")
    assert {curve.panel for curve in picture.curves} <= {0, 1, 2, 3} and len(picture.curves) >= 2
    assert picture.curves == waves_over(picture.values, picture.axes)


def test_key_frequencies_have_a_twentieth_of_the_power():
    assert key_frequencies(np.array([90.0, 4.9, 5.1])) == (1, 3)
    assert key_frequencies(np.full(3, np.nan)) == ()
