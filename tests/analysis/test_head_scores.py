"""Scores of heads against a direct double loop in float64, with all sizes different, also where positions are left out."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import headlapse
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.analyzers.head_scores import SCORES
from headlapse.results.run import RunLabels
from headlapse.results.run_layout import RunLayout
from headlapse.training.progress import Silent
from headlapse.visualization import head_scores as pictures
from headlapse.visualization.head_scores import passed_for_good, score_marks
from headlapse.visualization.theme import color_of
from headlapse.visualization.views import ViewRegistry

HEADS, POSITIONS, AXES = 3, 7, (2, 5)
RANDOM = np.random.default_rng(0)
TOKENS = RANDOM.integers(4, size=(10, POSITIONS))
PATTERNS = RANDOM.random((HEADS, POSITIONS, POSITIONS, *AXES)).astype(np.float32)
PATTERNS /= PATTERNS.sum(axis=2, keepdims=True)


def scores(patterns: np.ndarray, tokens: np.ndarray | None, **layout: object) -> np.ndarray:
    context = {"layout": RunLayout(HEADS, POSITIONS, AXES, **layout)}
    return AnalyzerRegistry.get("head_scores").analyze(None, tokens, {"patterns": patterns}, context)["scores"]


def direct(head: int, score: str, to_positions: list[int], from_positions: list[int]) -> float:
    """By its words, one input and position at a time."""
    flat, seen = PATTERNS.reshape(HEADS, POSITIONS, POSITIONS, -1).astype(np.float64), []
    for number, row in enumerate(TOKENS.tolist()):
        for to in to_positions:
            wanted = {"previous_token": [to - 1], "first_token": [0], "current_token": [to]}.get(score)
            if wanted is None:
                wanted = [j + 1 for j in range(to) if row[j] == row[to] and j + 1 < to]
            if to > 0 and wanted and set(wanted) <= set(from_positions):
                seen.append(math.fsum(flat[head, to, from_, number] for from_ in wanted))
    return math.fsum(seen) / len(seen)


@pytest.mark.parametrize(("to", "from_"), [(range(7), range(7)), ([1, 3, 4, 6], [0, 2, 3, 4]), ([0, 5, 6], range(7))])
def test_every_score_is_that_of_a_direct_loop(to, from_):
    to, from_ = list(to), list(from_)
    found = scores(PATTERNS[:, to][:, :, from_], TOKENS, to_positions=to, from_positions=from_)
    assert found.shape == (HEADS, len(SCORES))
    for head in range(HEADS):
        for place, score in enumerate(SCORES):
            assert found[head, place] == pytest.approx(direct(head, score, to, from_), abs=1e-12), (head, score)


def test_what_is_not_defined_is_nan():
    without_tokens = scores(PATTERNS, None)
    assert np.isnan(without_tokens).tolist() == [[False, True, False, False]] * HEADS
    assert np.isnan(scores(PATTERNS, TOKENS, sources=POSITIONS)).all(), "positions of another sequence"
    twice = np.array([[1, 1, 2, 3, 4, 5, 6]] * 10)
    assert np.isnan(scores(PATTERNS, twice)[:, 1]).all(), "nothing stands between the two"
    assert np.isnan(scores(PATTERNS[:, :1, 1:2], TOKENS, to_positions=[0], from_positions=[1])).all()


def test_inputs_with_an_equals_sign_have_all_scores_but_induction(trained):
    patterns = trained.artifacts.load_epoch("attention_patterns", 40)["patterns"]
    found = AnalyzerRegistry.get("head_scores").analyze(None, trained.probe, {"patterns": patterns}, {"layout": trained.layout})
    mean = patterns.astype(np.float64).mean(axis=(3, 4))
    expected = [(mean[:, 1, 0] + mean[:, 2, 1]) / 2, mean[:, 1:, 0].mean(axis=1), (mean[:, 1, 1] + mean[:, 2, 2]) / 2]
    np.testing.assert_allclose(found["scores"][:, [0, 2, 3]].T, expected, atol=1e-12)
    assert np.isnan(found["scores"][:, 1]).all()


def test_a_whole_head_is_no_more_than_one():
    only_previous = np.broadcast_to(np.eye(POSITIONS, k=-1, dtype=np.float16)[:, :, None, None], (1, 7, 7, *AXES))
    assert scores(only_previous, TOKENS)[0, [0, 3]].tolist() == [1.0, 0.0]


def test_a_score_has_passed_for_good_from_the_last_time_it_came_up():
    values = np.array(
        [[0.1, 0.6, 0.1, 0.2, math.nan], [0.7, 0.6, 0.1, 0.6, 0.9], [0.2, 0.9, 0.3, 0.5, 0.9], [0.5, 0.8, 0.8, 0.4, 0.9]]
    )
    assert passed_for_good(values).tolist() == [3, -1, 3, -1, 1]
    stacked = np.zeros((4, 2, 4))
    stacked[1:, 1, 1] = stacked[3:, 0, 0] = 0.75
    marks = score_marks({"epochs": np.array([0, 10, 20, 30]), "scores": stacked}, ("L0H0", "L1H0"))
    assert [(mark.epoch, mark.label) for mark in marks] == [
        (10, "L1H0: induction score stays above 0.5"),
        (30, "L0H0: previous token score stays above 0.5"),
    ]


def test_a_run_of_repeated_segments_has_them_of_all_layers_over_epochs(tmp_path: Path):
    assert tuple(pictures.SCORES) == SCORES
    family = headlapse.load_family("induction_2layer")
    run = family.variant(vocabulary=9, batch_size=2, results=tmp_path)
    run.train(epochs=2, checkpoint_epochs=[0, 2], progress=Silent())
    view = ViewRegistry.get("head_scores_timeline")
    arrays = view.load(run.artifacts, 2)
    for score, place in (("induction", 1), ("current_token", 3)):
        lines = view.draw(arrays, 2, run.labels, **view.arguments({"score": score}, run.labels)).plots[0].series
        assert [line.name for line in lines] == [f"L{layer}H{head}" for layer in range(2) for head in range(4)]
        assert len({(color_of(line.color), line.dashed) for line in lines}) == 8, "no two look alike"
        made = [run.artifacts.load_epoch("head_scores", epoch)["scores"][:, place] for epoch in (0, 2)]
        np.testing.assert_array_equal([line.y for line in lines], np.stack(made, axis=1))
    assert view.draw(arrays, 2, run.labels).plots[0].series[3].y.tolist() == arrays["scores"][:, 3, 1].tolist()
    assert isinstance(run.labels, RunLabels) and np.isfinite(arrays["scores"]).all()
