import subprocess
import sys

import numpy as np
import pytest

from headlapse.models.one_layer_patterns import Grid, grid_patterns
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


@pytest.mark.parametrize("scale", [1, 3, 6, 10, 20, 50, 200, 1000])
def test_float32_is_close_to_float64_also_where_scores_are_large(scale):
    weights = random_weights(SHAPES[1], dtype=np.float32)
    weights["blocks.0.attn.W_Q"] *= scale
    patterns = grid_patterns(weights, 7)
    assert patterns.dtype == np.float32
    np.testing.assert_allclose(patterns, independent_patterns(weights, 7), rtol=0, atol=5e-7)


def test_swapping_a_and_b_would_be_seen():
    patterns = grid_patterns(random_weights(SHAPES[0]), 5)
    assert not np.allclose(patterns, patterns.swapaxes(3, 4))


def test_rows_sum_to_one_and_nothing_looks_ahead():
    patterns = grid_patterns(random_weights(SHAPES[2], dtype=np.float32), 31)
    np.testing.assert_allclose(patterns.sum(axis=2), 1, atol=1e-6)
    for to, later in ((0, 1), (0, 2), (1, 2)):
        assert (patterns[:, to, later] == 0).all()


@pytest.mark.parametrize("scale", [1, 10, 30, 100, 300, 1e3, 1e4, 1e6])
def test_scores_far_beyond_what_exp_can_hold_stay_exact(scale):
    weights = random_weights(SHAPES[1])
    weights["blocks.0.attn.W_Q"] *= scale
    expected = independent_patterns(weights, 7)
    np.testing.assert_allclose(grid_patterns(weights, 7), expected, rtol=1e-14 * scale + 1e-13, atol=1e-290)
    single = grid_patterns({name: array.astype(np.float32) for name, array in weights.items()}, 7)
    np.testing.assert_allclose(single, expected, atol=min(1e-6 * scale, 1e-3))


@pytest.mark.parametrize("depth", range(60, 130, 3))
def test_an_input_whose_scores_vanish_beside_those_of_others_still_has_a_pattern(depth):
    """Token 1 scores `depth` below token 0, and `=` one above token 1."""
    weights = random_weights(Shape(2, 1, 4, 1, 8), dtype=np.float32)
    weights["embed.W_E"] = np.eye(3, 4, dtype=np.float32)
    for name in ("pos_embed.W_pos", "blocks.0.attn.b_K", "blocks.0.attn.W_Q"):
        weights[name] = np.zeros_like(weights[name])
    weights["blocks.0.attn.b_Q"] = np.ones((1, 1), np.float32)
    weights["blocks.0.attn.W_K"] = np.array([0, -depth, 1 - depth, 0], np.float32).reshape(1, 4, 1)
    np.testing.assert_allclose(grid_patterns(weights, 2), independent_patterns(weights, 2), rtol=1e-5, atol=1e-30)
    np.testing.assert_allclose(grid_patterns(weights, 2)[0, 2, :, 1, 1], np.array([1, 1, np.e]) / (2 + np.e), rtol=1e-5)


def test_a_probe_that_enumerates_a_grid_is_recognised():
    """The fast patterns need it; without it every analysis would still be right, and slow."""
    a, b, end = [4, 0, 2], [1, 3], 5
    probe = np.array([(first, second, end) for first in a for second in b])
    grid = Grid.of(probe)
    assert grid is not None
    assert (grid.a.tolist(), grid.b.tolist(), grid.end) == (a, b, end)
    assert Grid.of(probe[:-1]) is None
    assert Grid.of(probe[::-1, [1, 0, 2]]) is None
    assert Grid.of(probe[:0]) is None


def test_it_starts_without_torch():
    code = "import sys, headlapse.models.one_layer_patterns; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
