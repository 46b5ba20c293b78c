import numpy as np

from headlapse.visualization import render_losses


def test_curves_start_at_the_epoch_of_the_weights_they_judge():
    figure = render_losses([4.0, 3.0, 2.0], [4.5, None, 2.5], epoch=1)
    train, test = figure.data
    assert list(train.x) == [0, 1, 2]
    assert list(train.y) == [4.0, 3.0, 2.0]
    assert list(test.x) == [1, 2, 3]
    np.testing.assert_array_equal(test.y, [4.5, np.nan, 2.5])
    assert test.connectgaps


def test_log_axis_and_marker():
    figure = render_losses([1.0], [1.0], epoch=10400)
    assert figure.layout.yaxis.type == "log"
    (marker,) = figure.layout.shapes
    assert (marker.x0, marker.x1) == (10400, 10400)
    assert figure.layout.annotations[0].text == "epoch 10,400"
