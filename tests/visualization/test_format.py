import pytest

from headlapse.visualization.format import NOT_KNOWN, epoch_in_words, loss_in_words, pair_in_words


@pytest.mark.parametrize(
    ("loss", "words"),
    [(1.6e-7, "1.6e-7"), (0.1123, "0.11"), (4.73, "4.7"), (12.3, "12"), (113.2, "1.1e2"), (0.0, "0.0")],
)
def test_losses(loss, words):
    assert loss_in_words(loss) == words


def test_loss_that_is_not_known():
    assert loss_in_words(float("nan")) == NOT_KNOWN


def test_names():
    assert epoch_in_words(10400) == "epoch 10,400"
    assert pair_in_words(2, 0, ["a", "b", "="]) == "= attending to a"
    assert pair_in_words(2, 0, None) == "position 2 attending to position 0"
