import math

import numpy as np
import pytest
import torch

from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.families.axes import Axis

P = 5


def analyze(patterns: torch.Tensor) -> np.ndarray:
    probe = torch.zeros((len(patterns), 3), dtype=torch.int64)
    context = {"n_layers": 1, "axes": (Axis("a", side := round(len(patterns) ** 0.5)), Axis("b", side))}
    arrays = AnalyzerRegistry.get("attention_patterns").analyze(None, probe, {("pattern", 0): patterns}, context)
    return AnalyzerRegistry.get("attention_entropy").analyze(None, probe, arrays, context)["entropy"]


def test_every_cell_equals_an_independent_computation():
    """Every (head, to, a, b) has a distribution of its own, so that no two axes can be swapped unseen."""
    patterns = torch.rand((P * P, 2, 3, 3), generator=torch.Generator().manual_seed(0)).softmax(dim=-1)
    entropy = analyze(patterns)
    assert entropy.shape == (2, 3, P, P) and entropy.dtype == np.float32
    for head in range(2):
        for to in range(3):
            for a in range(P):
                for b in range(P):
                    weights = patterns[a * P + b, head, to].double().tolist()
                    expected = -sum(weight * math.log(weight) for weight in weights)
                    assert entropy[head, to, a, b] == pytest.approx(expected, abs=1e-6)


def test_certain_attention_has_no_entropy_and_even_attention_the_most():
    certain = torch.eye(3).expand(4, 1, 3, 3)
    assert (analyze(certain) == 0).all()
    np.testing.assert_allclose(analyze(torch.full((4, 1, 3, 3), 1 / 3)), math.log(3), rtol=1e-6)


def test_axes_that_do_not_enumerate_the_inputs_are_refused():
    with pytest.raises(ValueError, match="the axes a 2 x b 2 do not enumerate 6 inputs"):
        analyze(torch.ones((6, 1, 3, 3)) / 3)


def test_a_trained_run_has_it_beside_the_patterns(trained):
    patterns = trained.artifacts.load_epoch("attention_patterns", 40)["patterns"].astype(np.float64)
    expected = -(patterns * np.log(np.where(patterns > 0, patterns, 1))).sum(axis=2)
    np.testing.assert_allclose(trained.artifacts.load_epoch("attention_entropy", 40)["entropy"], expected, atol=1e-6)
