import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.controls import COLOR, ORIGIN
from headlapse.visualization.position_controls import FromPosition, Head, Layer, PositionPair, ToPosition, layer_controls

EPOCH_DATA = {"patterns": np.zeros((4, 3, 3, 5, 5), np.float32)}
LABELS = ["a", "b", "="]
RUN = RunLabels(("Head 0", "Head 1", "Head 2", "Head 3"), tuple(LABELS), (Axis("a", 7), Axis("b", 7)))


def test_positions_are_chosen_one_by_one_the_answer_first():
    to, from_ = ToPosition("patterns", 1), FromPosition("patterns", 2)
    assert [(option.value, option.label) for option in to.options(EPOCH_DATA, RUN)] == [("2", "="), ("1", "b"), ("0", "a")]
    assert [(option.value, option.label) for option in from_.options(EPOCH_DATA, RUN)] == [("0", "a"), ("1", "b"), ("2", "=")]
    assert to.arguments("-1") | from_.arguments("1") == {"to_position": -1, "from_position": 1}


@pytest.mark.parametrize("value", ["", "a", "1:2", "1.5"])
def test_bad_position(value):
    with pytest.raises(InvalidValueError, match="the number of a position"):
        ToPosition("patterns", 1).arguments(value)


def test_both_positions_in_one_value_are_understood():
    options = PositionPair().options(EPOCH_DATA, RUN)
    assert [options[0].value, options[0].label] == ["2:0", "= attending to a"]
    assert len({option.label for option in options}) == 9


def test_layers_are_offered_where_there_are_several():
    deep = RunLabels(("L0H0", "L1H0", "L1H1"), tuple(LABELS), RUN.axes)
    assert layer_controls(RUN) == () and layer_controls(deep) == (Layer(),)
    assert [option.label for option in Layer().options(EPOCH_DATA, deep)] == ["All layers", "Layer 0", "Layer 1"]
    assert [Layer().arguments(value) for value in ("all", "1")] == [{"layer": None}, {"layer": 1}]


def test_pair_value_is_to_then_from():
    assert PositionPair().arguments("2:1") == {"to_position": 2, "from_position": 1}
    assert PositionPair().arguments("-1:0") == {"to_position": -1, "from_position": 0}


@pytest.mark.parametrize("value", ["", "2", "2:", "a:b", "2:1:0"])
def test_bad_pair(value):
    with pytest.raises(InvalidValueError, match="TO:FROM"):
        PositionPair().arguments(value)


def test_heads_of_the_data():
    labels = [option.label for option in Head().options(EPOCH_DATA, RUN)]
    assert labels == ["Head 0", "Head 1", "Head 2", "Head 3"]
    deep = RunLabels(("L0H0", "L1H0"), tuple(LABELS), RUN.axes)
    assert [option.label for option in Head().options(EPOCH_DATA, deep)] == ["L0H0", "L1H0"]
    assert Head().arguments("3") == {"head_idx": 3}


def test_unknown_choice_lists_the_known():
    with pytest.raises(InvalidValueError, match="upper, lower; got 'loud'"):
        ORIGIN.arguments("loud")


def test_color_ranges():
    assert COLOR.arguments("epoch") == {"color_range": "epoch"}
    assert COLOR.arguments("0..0.5") == {"color_range": (0.0, 0.5)}
    assert COLOR.arguments("around-1/3") == {"midpoint": 1 / 3}
    assert COLOR.arguments("around-0.25") == {"midpoint": 0.25}


@pytest.mark.parametrize("value", ["loud", "0..", "..1", "around-", "around-1/0", "around-x"])
def test_bad_color_range(value):
    with pytest.raises(InvalidValueError, match=r"fixed, epoch, LOW\.\.HIGH .* or around-MIDPOINT"):
        COLOR.arguments(value)
