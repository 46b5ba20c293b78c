from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from headlapse.analysis import AnalysisContext, Analyzer, SelectiveAnalyzer
from headlapse.analysis.analyzers import AnalyzerRegistry
from headlapse.analysis.analyzers.attention_patterns import AttentionPatternsAnalyzer
from headlapse.analysis.capture import BridgeCapture
from headlapse.analysis.library import extract_attention_patterns
from headlapse.families.axes import Axis
from headlapse.models.config import ModelConfig
from headlapse.models.initial import initial_weights
from headlapse.workbench import ModelFamily, Variant
from tests.models.numpy_transformer import patterns_and_logits
from tests.published import start


def cell(head: int, to: int, frm: int, a: int, b: int) -> int:
    """A number of its own for every cell."""
    return (((head * 10 + to) * 10 + frm) * 10 + a) * 10 + b


def test_every_cell_keeps_its_place() -> None:
    p, heads, positions = 4, 3, 5
    pattern = torch.tensor(
        [
            [[[cell(h, t, f, a, b) for f in range(positions)] for t in range(positions)] for h in range(heads)]
            for a in range(p)
            for b in range(p)
        ],
        dtype=torch.float32,
    )
    probe = torch.zeros(p * p, positions, dtype=torch.int64)
    context = {"n_layers": 1, "axes": (Axis("a", p), Axis("b", p))}
    arrays = AttentionPatternsAnalyzer().analyze(None, probe, {("pattern", 0): pattern}, context)
    assert list(arrays) == ["patterns"]
    patterns = arrays["patterns"]
    assert patterns.shape == (heads, positions, positions, p, p) and patterns.dtype == np.float32
    for index, value in np.ndenumerate(patterns):
        assert value == cell(*index)


def test_layers_and_axes_keep_their_order() -> None:
    """Two layers of three heads, three axes of different sizes: every cell has a number of its own."""
    sizes, heads, positions = (2, 3, 4), 3, 2
    rng = np.random.default_rng(0)
    layers = [rng.random((24, heads, positions, positions), dtype=np.float32) for _ in range(2)]
    axes = tuple(Axis(name, size) for name, size in zip("xyz", sizes, strict=True))
    cache = {("pattern", layer): patterns for layer, patterns in enumerate(layers)}
    context = {"n_layers": 2, "axes": axes}
    found = AttentionPatternsAnalyzer().analyze(None, None, cache, context)["patterns"]
    assert found.shape == (6, positions, positions, *sizes)
    for head, to, from_, x, y, z in np.ndindex(found.shape):
        row = (x * 3 + y) * 4 + z
        assert found[head, to, from_, x, y, z] == layers[head // heads][row, head % heads, to, from_]


@pytest.mark.parametrize("inputs", [3, 12, 0])
def test_axes_that_do_not_enumerate_the_inputs_are_refused(inputs: int) -> None:
    cache = {("pattern", 0): torch.zeros(inputs, 1, 3, 3)}
    context = {"n_layers": 1, "axes": (Axis("a", 2), Axis("b", 2))}
    with pytest.raises(ValueError, match=rf"the axes a 2 x b 2 do not enumerate {inputs} inputs"):
        AttentionPatternsAnalyzer().analyze(None, torch.zeros(inputs, 3, dtype=torch.int64), cache, context)


def test_the_layer_is_chosen() -> None:
    cache = {("pattern", 0): torch.zeros(1, 1, 3, 3), ("pattern", 1): torch.ones(1, 1, 3, 3)}
    assert extract_attention_patterns(cache).sum() == 0
    assert extract_attention_patterns(cache, layer=1).sum() == 9


def test_it_is_registered_and_keeps_the_contract() -> None:
    analyzer = AnalyzerRegistry.get("attention_patterns")
    assert isinstance(analyzer, Analyzer) and isinstance(analyzer, SelectiveAnalyzer)
    assert analyzer == AttentionPatternsAnalyzer() and "attention_patterns" in AnalyzerRegistry.names()


@pytest.mark.parametrize("prime", [5, 7, 31])
@pytest.mark.parametrize("architecture", [{}, {"n_heads": 8, "d_head": 2}], ids=["2 heads", "8 heads"])
def test_patterns_of_random_weights_equal_an_independent_computation(
    small_family: Callable[..., ModelFamily], prime: int, architecture: dict[str, int]
) -> None:
    family = small_family(**architecture)
    settings = family.resolve({"prime": prime})
    config = ModelConfig.of(family, settings)
    weights = {name: weight.numpy() * 3 for name, weight in initial_weights(config, 1).items()}
    check_against_numpy(family, settings, weights)


def test_patterns_of_trained_weights_equal_an_independent_computation(trained: Variant) -> None:
    check_against_numpy(trained.family, trained.settings, trained.checkpoint(60).weights)


def test_patterns_of_the_published_start_equal_an_independent_computation(family: ModelFamily) -> None:
    check_against_numpy(family, family.resolve({}), start(), pairs=[(0, 0), (3, 112), (112, 3), (57, 58)])


def check_against_numpy(family: ModelFamily, settings: dict, weights: dict, pairs: list | None = None) -> None:
    p = int(settings["prime"])
    probe = family.probe(settings)
    captured = BridgeCapture(ModelConfig.of(family, settings), probe, [("pattern", 0)], "cpu")(weights)
    context = AnalysisContext(family.name, "", 0, settings, ("a", "b", "="), family.axes(settings))
    patterns = AttentionPatternsAnalyzer().analyze(captured.model, probe, captured.cache, context)["patterns"]
    for a, b in pairs or [(a, b) for a in range(p) for b in range(p)]:
        expected, _ = patterns_and_logits(weights, np.array([a, b, p]))
        np.testing.assert_allclose(patterns[..., a, b], expected, rtol=0, atol=1e-6)
    np.testing.assert_allclose(patterns.sum(axis=2), 1, rtol=0, atol=1e-6)
    assert (patterns[:, *np.triu_indices(3, k=1)] == 0).all(), "a position attends to a later one"
