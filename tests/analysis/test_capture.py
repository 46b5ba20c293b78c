"""Which way activations are computed, and that the ways agree."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch

from headlapse.analysis.capture import BridgeCapture, GridCapture, capture_for
from headlapse.models.bridge import build_bridge, run_with_cache
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes
from headlapse.workbench import ModelFamily, Variant

PATTERN = [("pattern", 0)]
GRID = np.array([[a, b, 5] for a in range(5) for b in range(5)])


def config_and_weights(family: ModelFamily, prime: int = 5) -> tuple[ModelConfig, dict[str, np.ndarray]]:
    config = ModelConfig.of(family, family.resolve({"prime": prime}))
    random = np.random.default_rng(4)
    shapes = weight_shapes(config)
    return config, {name: (random.normal(size=shape) / 2).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.parametrize("architecture", [{}, {"n_heads": 8, "d_head": 3}, {"act_fn": "gelu", "d_model": 24}])
def test_patterns_without_a_model_are_those_of_the_bridge(
    small_family: Callable[..., ModelFamily], architecture: dict[str, object]
) -> None:
    config, weights = config_and_weights(small_family(**architecture))
    fast = capture_for(config, GRID, PATTERN)
    assert isinstance(fast, GridCapture)
    expected = BridgeCapture(config, GRID, list(PATTERN), "cpu")(weights).cache["pattern", 0]
    for key in (("pattern", 0), "blocks.0.attn.hook_pattern"):
        np.testing.assert_allclose(fast(weights).cache[key], expected, rtol=0, atol=1e-6)


def test_what_the_fast_way_does_not_cover_takes_the_bridge(small_family: Callable[..., ModelFamily]) -> None:
    config, _ = config_and_weights(small_family())
    two_layers, _ = config_and_weights(small_family(n_layers=2))
    others = [
        (two_layers, GRID, PATTERN),
        (config, np.random.default_rng(0).permutation(GRID), PATTERN),
        (config, GRID[:16], PATTERN),
        (config, GRID, [*PATTERN, ("mlp_out", 0)]),
        (config, GRID, None),
    ]
    for other, probe, keys in others:
        assert isinstance(capture_for(other, probe, keys), BridgeCapture)


@pytest.mark.parametrize(("layer", "mlps_run"), [(0, 0), (1, 1)])
def test_the_forward_ends_with_the_last_asked_activation(
    small_family: Callable[..., ModelFamily], layer: int, mlps_run: int
) -> None:
    config, weights = config_and_weights(small_family(n_layers=2))
    bridge = build_bridge(config, {name: torch.tensor(array) for name, array in weights.items()})
    tokens = torch.from_numpy(GRID)
    ran: list[int] = []
    for block in bridge.blocks:
        block.mlp.register_forward_hook(lambda *_: ran.append(1))
    stopped = run_with_cache(bridge, tokens, [("pattern", layer)])
    assert len(ran) == mlps_run
    assert torch.equal(stopped["pattern", layer], run_with_cache(bridge, tokens, None)["pattern", layer])
    assert len(ran) == mlps_run + 2, "a stopped forward leaves no hook behind"
    run_with_cache(bridge, tokens, [("pattern", layer), f"blocks.{layer}.attn.hook_pattern"])
    assert len(ran) == 2 * mlps_run + 2, "two names of one activation are asked for once"


def test_patterns_of_deep_models_are_computed_in_float64(small_family: Callable[..., ModelFamily]) -> None:
    config, weights = config_and_weights(small_family(n_layers=2))
    double = build_bridge(config, {name: torch.tensor(array) for name, array in weights.items()}).double()
    expected = run_with_cache(double, torch.from_numpy(GRID), [("pattern", 1)])["pattern", 1]

    def error(*keys: tuple[str, int] | str) -> float:
        found = BridgeCapture(config, GRID, list(keys), "cpu")(weights).cache["pattern", 1]
        assert found.dtype == torch.float32
        return float((found - expected).abs().max())

    assert error(("pattern", 1)) < 1e-7 and error("blocks.1.attn.hook_pattern") < 1e-7
    assert error(("pattern", 1), ("mlp_out", 1)) > 1e-6, "float32 differs visibly from float64"


def test_analysing_a_one_layer_run_imports_no_torch(trained_copy: Variant) -> None:
    code = f"""
import sys, headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
variant = headlapse.load_variant({str(trained_copy.paths.root)!r})
names = ["attention_patterns", "attention_entropy", "attention_lock_in"]
report = AnalysisPipeline(variant, AnalysisRunConfig(analyzers=names, force=True)).run()
loaded = [name for name in ("torch", "transformer_lens") if name in sys.modules]
sys.exit({{outcome.analyzer for outcome in report.computed}} != {{*names}} or bool(loaded))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
