import subprocess
import sys

import numpy as np
import pytest

from headlapse.models.one_layer_patterns import grid_patterns
from tests.models.numpy_transformer import SHAPES, Shape, all_inputs, patterns_and_logits, random_weights


def independent_patterns(weights: dict[str, np.ndarray], p: int) -> np.ndarray:
    """`[head, to, from, a, b]`, filled one input at a time."""
    grid = np.empty((len(weights["blocks.0.attn.W_Q"]), 3, 3, p, p))
    for a, b, end in all_inputs(p):
        grid[:, :, :, a, b] = patterns_and_logits(weights, np.array([a, b, end]))[0]
    return grid


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cell_equals_an_independent_float64_computation(shape):
    weights = random_weights(shape)
    np.testing.assert_allclose(grid_patterns(weights, shape.p), independent_patterns(weights, shape.p), atol=1e-13)


def test_float32_weights_give_float32_patterns_to_rounding():
    shape = Shape(31, 4, 128, 32, 8)
    weights = random_weights(shape, dtype=np.float32)
    patterns = grid_patterns(weights, shape.p)
    assert patterns.dtype == np.float32
    np.testing.assert_allclose(patterns, independent_patterns(weights, shape.p), atol=1e-6)


def test_swapping_a_and_b_would_be_seen():
    patterns = grid_patterns(random_weights(SHAPES[0]), 5)
    assert not np.allclose(patterns, patterns.swapaxes(3, 4))


def test_rows_sum_to_one_and_nothing_looks_ahead():
    patterns = grid_patterns(random_weights(SHAPES[2], dtype=np.float32), 31)
    np.testing.assert_allclose(patterns.sum(axis=2), 1, atol=1e-6)
    for to, later in ((0, 1), (0, 2), (1, 2)):
        assert (patterns[:, to, later] == 0).all()


def test_scores_far_beyond_what_exp_can_hold_stay_exact():
    weights = random_weights(SHAPES[0], dtype=np.float32)
    weights["blocks.0.attn.W_Q"] = weights["blocks.0.attn.W_Q"] * np.float32(1e4)
    patterns = grid_patterns(weights, 5)
    assert np.isfinite(patterns).all()
    np.testing.assert_allclose(patterns.sum(axis=2), 1, atol=1e-6)


def test_it_starts_without_torch():
    code = "import sys, headlapse.models.one_layer_patterns; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
