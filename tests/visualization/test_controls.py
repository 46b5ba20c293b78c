import numpy as np
import pytest

from headlapse.errors import InvalidValueError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.controls import ColorChoice, Head, OriginChoice, PositionPair

EPOCH_DATA = {"patterns": np.zeros((4, 3, 3, 5, 5), np.float32)}
LABELS = ["a", "b", "="]
RUN = RunLabels(("Head 0", "Head 1", "Head 2", "Head 3"), tuple(LABELS), (Axis("a", 7), Axis("b", 7)))


def test_informative_pairs_come_first_and_constant_ones_say_so():
    options = PositionPair().options(EPOCH_DATA, RUN)
    assert [option.label for option in options] == [
        "= attending to a",
        "= attending to b",
        "= attending to =",
        "b attending to a",
        "b attending to b",
        "b attending to = (always 0)",
        "a attending to a (always 1)",
        "a attending to b (always 0)",
        "a attending to = (always 0)",
    ]
    assert options[0].value == "2:0"


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
        OriginChoice.arguments("loud")


def test_color_ranges():
    assert ColorChoice.arguments("epoch") == {"color_range": "epoch"}
    assert ColorChoice.arguments("0..0.5") == {"color_range": (0.0, 0.5)}
    assert ColorChoice.arguments("around-1/3") == {"midpoint": 1 / 3}
    assert ColorChoice.arguments("around-0.25") == {"midpoint": 0.25}


@pytest.mark.parametrize("value", ["loud", "0..", "..1", "around-", "around-1/0", "around-x"])
def test_bad_color_range(value):
    with pytest.raises(InvalidValueError, match=r"fixed, epoch, LOW\.\.HIGH .* or around-MIDPOINT"):
        ColorChoice.arguments(value)
