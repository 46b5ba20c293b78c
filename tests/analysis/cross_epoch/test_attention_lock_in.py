"""Synthetic patterns whose lock-in is known."""

import math

import numpy as np
import pytest

from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.cross_epoch.attention_lock_in import mean_entropy, total_variation
from headlapse.analysis.protocol import CrossEpochAnalyzer, RunContext

P = 3
EPOCHS = [0, 10, 20, 40, 80, 160]
SETTLES = {0: 20, 1: 80}  # head: epoch


def patterns(shares: dict[int, float]) -> np.ndarray:
    """Heads that give `share` of the attention of the last position to a, and the rest to b; the rest of the mask as usual."""
    grid = np.zeros((len(shares), 3, 3, P, P), np.float32)
    grid[:, 0, 0] = grid[:, 1, 0] = 1
    for head, share in shares.items():
        grid[head, 2, 0], grid[head, 2, 1] = share, 1 - share
    return grid


def series(order: list[int] = EPOCHS) -> dict[int, dict[str, np.ndarray]]:
    """Every head gives all to b before it settles, and all to a from then on; `order` says whose patterns an epoch has."""
    return {
        epoch: {"patterns": patterns({head: float(moment >= settles) for head, settles in SETTLES.items()})}
        for epoch, moment in zip(EPOCHS, order, strict=True)
    }


def analyze(epochs: dict, records: dict | None = None) -> dict[str, np.ndarray]:
    analyzer: CrossEpochAnalyzer = CrossEpochRegistry.get("attention_lock_in")
    return analyzer.analyze_epochs(epochs, RunContext("family", "variant", {}, ("a", "b", "="), records or {}))


def test_a_known_lock_in_epoch_is_found_exactly():
    arrays = analyze(series())
    for threshold in range(len(arrays["thresholds"])):
        np.testing.assert_array_equal(arrays["lock_in"][threshold, :, 2], [20, 80])
    np.testing.assert_array_equal(arrays["lock_in"][0, :, :2], 0)  # what never moves is settled from the start


def test_on_shuffled_epochs_the_answer_changes_as_it_should():
    arrays = analyze(series([0, 80, 20, 40, 10, 160]))  # head 0 falls back at epoch 80, head 1 settles at 160 only
    assert arrays["lock_in"][0, 0, 2] != 20
    assert math.isnan(arrays["lock_in"][0, 0, 2]) and math.isnan(arrays["lock_in"][0, 1, 2])
    reversed_ = analyze(series(EPOCHS[::-1]))
    np.testing.assert_array_equal(reversed_["lock_in"][0, :, 2], [80, 20])


def test_change_and_distance_are_total_variation():
    arrays = analyze(series())
    np.testing.assert_array_equal(arrays["distance"][:, 0, 2], [1, 1, 0, 0, 0, 0])
    np.testing.assert_array_equal(arrays["distance"][:, 1, 2], [1, 1, 1, 1, 0, 0])
    np.testing.assert_array_equal(arrays["change"][:, 1, 2], [np.nan, 0, 0, 0, 1, 0])
    np.testing.assert_array_equal(arrays["epochs"], EPOCHS)


def test_total_variation_is_the_share_that_sits_elsewhere():
    one, other = patterns({0: 0.7}), patterns({0: 0.4})
    one[0, 2, :, 0, 0] = other[0, 2, :, 0, 0]  # one of nine inputs agrees
    np.testing.assert_allclose(total_variation(one, other), [[0, 0, 0.3 * 8 / 9]], rtol=1e-6)


def test_entropy_is_in_nats_and_knows_zero():
    np.testing.assert_allclose(mean_entropy(patterns({0: 0.5, 1: 1.0})), [[0, 0, math.log(2)], [0, 0, 0]], atol=1e-7)
    uniform = np.full((1, 3, 3, P, P), 1 / 3, np.float32)
    np.testing.assert_allclose(mean_entropy(uniform), np.full((1, 3), math.log(3)), rtol=1e-6)


def test_a_slow_approach_locks_in_where_it_crosses_each_threshold():
    distances = [0.5, 0.15, 0.08, 0.04, 0.01, 0.0]
    arrays = analyze({epoch: {"patterns": patterns({0: 1 - d})} for epoch, d in zip(EPOCHS, distances, strict=True)})
    found = dict(zip(arrays["thresholds"].tolist(), arrays["lock_in"][:, 0, 2].tolist(), strict=True))
    assert found == {0.05: 40, 0.02: 80, 0.1: 20, 0.2: 10}


def test_grokking_is_where_test_accuracy_reaches_99_percent_for_good():
    accuracy = [0.1, 0.99, 0.98, 0.99, 0.995, 1.0]
    records = {epoch: {"test_accuracy": value, "test_loss": None} for epoch, value in zip(EPOCHS, accuracy, strict=True)}
    arrays = analyze(series(), records)
    assert arrays["grokking_epoch"] == 40
    np.testing.assert_array_equal(arrays["test_accuracy"], accuracy)
    assert np.isnan(arrays["test_loss"]).all()
    assert math.isnan(analyze(series())["grokking_epoch"])
    fallen = {epoch: {"test_accuracy": value} for epoch, value in zip(EPOCHS, [1.0] * 5 + [0.5], strict=True)}
    assert math.isnan(analyze(series(), fallen)["grokking_epoch"])


@pytest.mark.parametrize("epoch", EPOCHS)
def test_a_single_checkpoint_has_not_settled(epoch):
    arrays = analyze({epoch: {"patterns": patterns({0: 1.0})}})
    assert np.isnan(arrays["lock_in"]).all()
