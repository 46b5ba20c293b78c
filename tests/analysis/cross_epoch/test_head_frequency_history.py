"""When heads settle on a frequency and switch, from shares made by hand and from a trained run."""

from __future__ import annotations

import math

import numpy as np

from headlapse.analysis.cross_epoch import CrossEpochRegistry
from headlapse.analysis.cross_epoch.head_frequency_history import settled_epochs, switches

EPOCHS = np.array([0, 10, 25, 45, 70])
#                   steady  switch  gap     late    lost    none
DOMINANT = np.array(
    [
        [2, 1, 3, 0, 0, 0],
        [2, 1, 0, 0, 4, 0],
        [2, 1, 2, 0, 4, 0],
        [2, 5, 2, 0, 4, 0],
        [2, 5, 2, 3, 0, 0],
    ]
)


def test_a_head_settles_where_its_final_frequency_begins_to_stay():
    np.testing.assert_array_equal(settled_epochs(EPOCHS, DOMINANT), [0, 45, 25, np.nan, np.nan, np.nan])
    assert np.isnan(settled_epochs(EPOCHS[:1], DOMINANT[:1])).all(), "one checkpoint alone tells nothing"


def test_switches_are_from_one_frequency_to_another_also_over_a_gap():
    assert switches(EPOCHS, DOMINANT).tolist() == [[25, 2, 3, 2], [45, 1, 1, 5]]
    assert switches(EPOCHS[:2], DOMINANT[:2, :1]).shape == (0, 4)


def row(score: list[float], pattern: list[float]) -> dict[str, np.ndarray]:
    shares = np.array([pattern])
    score_share = np.array([score])
    deciding = shares if math.isnan(score[0]) else score_share
    return {
        "score_share": score_share,
        "pattern_share": np.stack([shares[:, ::-1], shares], axis=1)[:, :, None],
        "frequency": deciding.argmax(axis=1) + 1,
        "share": deciding.max(axis=1),
    }


def test_a_share_below_a_quarter_is_no_dominant_frequency():
    unknown = [math.nan] * 5
    even = [0.2] * 5
    series = {
        3: row(unknown, [0.24, 0.2, 0.2, 0.2, 0.16]),
        8: row(unknown, [0.26, 0.2, 0.2, 0.2, 0.14]),
        9: row([0.1, 0.1, 0.1, 0.1, 0.6], even),
    }
    records = {3: {"test_accuracy": 0.5, "train_loss": 2.0}, 8: {"test_accuracy": 1.0}, 9: {"test_accuracy": 1.0}}
    found = CrossEpochRegistry.get("head_frequency_history").analyze_epochs(series, {"records": records})
    assert found["dominant"].tolist() == [[0], [1], [5]]
    assert found["switches"].tolist() == [[9, 0, 1, 5]]
    assert float(found["grokking_epoch"]) == 8 and found["train_loss"][0] == 2.0 and np.isnan(found["test_loss"]).all()
    np.testing.assert_allclose(found["pattern_share"][1, 0], [0.26, 0.2, 0.2, 0.2, 0.14], rtol=1e-6)


def test_a_trained_run_has_it(trained):
    found = trained.artifacts.load_run("head_frequency_history")
    assert found["epochs"].tolist() == trained.epochs
    for place, epoch in enumerate(trained.epochs):
        of_epoch = trained.artifacts.load_epoch("head_frequencies", epoch)
        np.testing.assert_allclose(found["score_share"][place], of_epoch["score_share"], rtol=1e-6)
        dominant = np.where(of_epoch["share"] >= 0.25, of_epoch["frequency"], 0)
        np.testing.assert_array_equal(found["dominant"][place], dominant)
    np.testing.assert_array_equal(found["test_loss"], trained.artifacts.load_run("attention_lock_in")["test_loss"])
