import math

import numpy as np
import pytest

from headlapse.errors import InvalidValueError, OutOfRangeError, UnknownNameError
from headlapse.families.axes import Axis
from headlapse.results.run import RunLabels
from headlapse.visualization.attention_entropy import picture_attention_entropy, render_attention_entropy
from headlapse.visualization.views import ViewRegistry

ENTROPY = np.arange(2 * 3 * 5 * 5, dtype=np.float32).reshape(2, 3, 5, 5) / 150
DATA = {"entropy": ENTROPY}
LABELS = ["a", "b", "="]
RUN = RunLabels(("Head 0", "Head 1"), tuple(LABELS), (Axis("a", 5), Axis("b", 5)))


@pytest.mark.parametrize("to", [-1, 0, 1, 2])
def test_every_head_shows_its_own_grid(to):
    figure = render_attention_entropy(DATA, 100, to_position=to, position_labels=LABELS)
    for head, panel in enumerate(figure.data):
        np.testing.assert_array_equal(panel.z, ENTROPY[head, to])
        assert panel.name == f"Head {head}"
    assert f"{LABELS[to]} attending · epoch 100" in figure.layout.title.text


def test_the_range_is_that_of_entropy_and_can_be_chosen():
    picture = picture_attention_entropy(DATA, 0, RUN)
    assert picture.colors.high == math.log(3)
    assert picture.looking(color_range=(0.2, 0.4)).colors.low == 0.2
    assert picture.value_label == "entropy (nats)"


def test_wrong_arguments_name_what_is_allowed():
    with pytest.raises(OutOfRangeError, match="valid: -3 to 2"):
        render_attention_entropy(DATA, 0, to_position=3)
    with pytest.raises(InvalidValueError, match="must be"):
        render_attention_entropy({"entropy": ENTROPY[0]}, 0)
    with pytest.raises(UnknownNameError, match="known: patterns"):
        render_attention_entropy({"patterns": ENTROPY}, 0)


def test_every_option_of_every_control_renders():
    view = ViewRegistry.get("attention_entropy_grid")
    for control in view.controls_of(RUN):
        for option in control.options(DATA, RUN):
            assert view.figure(DATA, 100, RUN, **view.arguments({control.name: option.value}, RUN)).data
