import numpy as np
import pytest

from headlapse.errors import InvalidValueError, OutOfRangeError, UnknownNameError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization import lock_in_marks, lock_in_rows, render_lock_in_timeline
from headlapse.visualization.position_controls import Threshold, ToPosition
from headlapse.visualization.views import ViewRegistry

LABELS = ["a", "b", "="]
RUN = RunLabels(("Head 0", "Head 1"), tuple(LABELS), (Axis("a", 7), Axis("b", 7)))
EPOCHS = np.array([0, 100, 200])


def arrays(grokking: float = 200.0) -> dict[str, np.ndarray]:
    """Every (epoch, head, to) carries its own number."""
    distance = np.arange(18, dtype=np.float64).reshape(3, 2, 3) / 20
    lock_in = np.array([[[0, 0, 100], [0, 0, np.nan]], [[0, 0, 200], [0, 0, 0]]], dtype=np.float64)
    return {
        "epochs": EPOCHS,
        "distance": distance,
        "change": distance + 0.01,
        "entropy": distance + 0.02,
        "thresholds": np.array([0.05, 0.2]),
        "lock_in": lock_in,
        "grokking_epoch": np.array(grokking),
        "test_accuracy": np.array([0.1, 0.5, 0.99]),
        "train_loss": np.array([2.0, 1.0, 0.1]),
        "test_loss": np.array([2.0, 3.0, np.nan]),
    }


@pytest.mark.parametrize("quantity", ["distance", "change", "entropy"])
@pytest.mark.parametrize("to", [-1, 0, 1, 2])
def test_every_head_has_its_own_curve(quantity, to):
    figure = render_lock_in_timeline(arrays(), 100, to_position=to, quantity=quantity)
    curves = {trace.name: trace for trace in figure.data}
    assert list(curves) == ["train loss", "test loss", "Head 0", "Head 1"]
    for head in range(2):
        np.testing.assert_array_equal(curves[f"Head {head}"].y, arrays()[quantity][:, head, to])
        np.testing.assert_array_equal(curves[f"Head {head}"].x, EPOCHS)


def test_the_title_says_who_attends_and_when():
    figure = render_lock_in_timeline(arrays(), 100, position_labels=LABELS)
    assert figure.layout.title.text == "When heads lock in: = attending · epoch 100"
    assert "position 2 attending" in render_lock_in_timeline(arrays()).layout.title.text


def test_marks_are_moments_in_order():
    assert [(mark.epoch, mark.label) for mark in lock_in_marks(arrays())] == [
        (100, "Head 0 locks in, relative to epoch 200"),
        (200, "test accuracy reaches 0.99"),
    ]
    unknown = {**arrays(np.nan), "test_accuracy": np.full(3, np.nan)}
    assert [mark.epoch for mark in lock_in_marks(unknown, threshold=0.2)] == [0, 200]


@pytest.mark.parametrize("accuracy", [[0.1, 0.5, 0.98], [0.1, 0.5, np.nan], [0.1, 0.99, 0.5]])
def test_lock_in_of_a_run_that_has_not_grokked_is_neither_marked_nor_listed(accuracy):
    run = {**arrays(np.nan), "test_accuracy": np.array(accuracy)}
    assert lock_in_marks(run) == lock_in_marks(run, threshold=0.2) == []
    (row,) = lock_in_rows([("run", run)], threshold=0.2)
    assert (row.heads, row.settled) == ((None, None), False)


def test_distances_are_named_by_the_epoch_that_they_are_relative_to():
    assert "distance to the pattern at epoch 200" in str(render_lock_in_timeline(arrays()).layout)


def test_the_view_offers_its_marks():
    view = ViewRegistry.get("attention_lock_in_timeline")
    assert view.marks(arrays()) == lock_in_marks(arrays())


def test_lines_stand_at_the_marks_and_at_the_epoch():
    figure = render_lock_in_timeline(arrays(), 42)
    assert {line.x0 for line in figure.layout.shapes if line.x0 == line.x1} == {42, 100, 200}


def test_a_threshold_of_many_digits_is_offered_and_found():
    run = {**arrays(), "thresholds": np.array([1 / 3, 0.2])}
    first, _ = Threshold().options(run, RUN)
    assert first.label == "0.333333"
    render_lock_in_timeline(run, 100, **Threshold().arguments(first.value))


def test_rows_of_a_table():
    (row,) = lock_in_rows([("one", arrays())])
    assert (row.variant, row.heads, row.grokking_epoch) == ("one", (100, None), 200)
    assert (row.last_epoch, row.last_test_accuracy) == (200, 0.99)
    unknown = {**arrays(np.nan), "test_accuracy": np.full(3, np.nan)}
    (other,) = lock_in_rows([("other", unknown)], to_position=1, threshold=0.2)
    assert (other.heads, other.grokking_epoch, row.settled, other.settled) == ((0, 0), None, True, None)


def test_wrong_arguments_name_what_is_allowed():
    with pytest.raises(OutOfRangeError, match="valid: -3 to 2"):
        render_lock_in_timeline(arrays(), to_position=3)
    with pytest.raises(UnknownNameError, match="change, distance, entropy"):
        render_lock_in_timeline(arrays(), quantity="speed")
    with pytest.raises(InvalidValueError, match=r"one of 0\.05, 0\.2"):
        render_lock_in_timeline(arrays(), threshold=0.3)


def test_every_option_of_every_control_renders():
    view = ViewRegistry.get("attention_lock_in_timeline")
    for control in view.controls_of(RUN):
        for option in control.options(arrays(), RUN):
            assert view.figure(arrays(), 100, RUN, **view.arguments({control.name: option.value}, RUN)).data
    to = ToPosition("distance", 2)
    assert [option.label for option in to.options(arrays(), RUN)] == ["=", "b", "a"]
    for control in (to, Threshold()):
        with pytest.raises(InvalidValueError):
            control.arguments("x")
