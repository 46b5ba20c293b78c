"""Activations of a checkpoint over the probe; only those that the analyzers ask for are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
from einops import rearrange
from jaxtyping import Int

from headlapse.analysis.library import Cache
from headlapse.analysis.protocol import CacheKey
from headlapse.extras import need
from headlapse.models.config import ModelConfig
from headlapse.models.one_layer_patterns import Grid, covers_grid, grid_patterns
from headlapse.system.blas_threads import one_torch_thread

PATTERN = "blocks.0.attn.hook_pattern"
LayerKey = str | tuple[str, int]
PATTERN_KEYS: frozenset[LayerKey] = frozenset({("pattern", 0), PATTERN})
Probe = Int[np.ndarray, "inputs positions"]


class Captured(NamedTuple):
    """Activations over the probe, and their model if one was built."""

    model: Any
    cache: Cache


class Capture(Protocol):
    """Weights to activations over one probe."""

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> Captured:
        """Activations of the model with these weights."""
        ...


def capture_for(config: ModelConfig, probe: Probe, keys: Iterable[CacheKey] | None, device: str = "cpu") -> Capture:
    """The fastest exact way to compute the activations `keys` (None: all) of such models on `probe`."""
    wanted = None if keys is None else [known for key in keys for known in _of_layers(key, config.n_layers)]
    grid = Grid.of(probe) if covers_grid(config, probe) else None
    if wanted is not None and PATTERN_KEYS.issuperset(wanted) and grid is not None:
        return GridCapture(grid, config)
    return BridgeCapture(config, probe, wanted, device)


def _of_layers(key: CacheKey, n_layers: int) -> list[LayerKey]:
    """`key` for each layer that it includes."""
    if isinstance(key, str):
        return [key]
    name, layer = key
    return [(name, each) for each in range(n_layers)] if layer is None else [(name, layer)]


class GridCapture:
    """Attention patterns of a one-layer model on all pairs, without building a model."""

    def __init__(self, grid: Grid, config: ModelConfig) -> None:
        self._grid = grid
        self._config = config

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> Captured:
        patterns = grid_patterns(arrays, self._grid, self._config)
        patterns = rearrange(patterns, "head to_pos from_pos a b -> (a b) head to_pos from_pos")
        return Captured(None, dict.fromkeys(PATTERN_KEYS, patterns))


class BridgeCapture:
    """Works for any family: TransformerLens computes up to the last activation that is asked for.

    The model is built once and loads the weights of each checkpoint. If only patterns are wanted, they are computed in float64,
    because float32 rounds large scores visibly, more with every layer.
    """

    def __init__(self, config: ModelConfig, probe: Probe, keys: list[LayerKey] | None, device: str) -> None:
        need("torch", "transformer_lens")
        self._config = config
        self._probe = probe
        self._keys = keys
        self._device = device
        self._is_exact = keys is not None and all(map(_is_pattern, keys)) and device == "cpu"
        self._bridge: Any = None

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> Captured:
        import torch

        from headlapse.models.bridge import run_with_cache

        self._load({name: torch.tensor(array, device=self._device) for name, array in arrays.items()})
        tokens = torch.tensor(self._probe, device=self._device)
        with one_torch_thread():
            cache = run_with_cache(self._bridge, tokens, self._keys)
        if not self._is_exact:
            return Captured(self._bridge, cache)
        cache.cache_dict.update({name: activation.float() for name, activation in cache.cache_dict.items()})
        return Captured(None, cache)

    def _load(self, weights: dict[str, Any]) -> None:
        from headlapse.models.bridge import build_bridge, load_weights

        if self._bridge is None:
            bridge = build_bridge(self._config, weights, self._device)
            self._bridge = bridge.double() if self._is_exact else bridge
        else:
            load_weights(
                self._bridge, {name: tensor.double() if self._is_exact else tensor for name, tensor in weights.items()}
            )


def _is_pattern(key: LayerKey) -> bool:
    return key[0] == "pattern" if isinstance(key, tuple) else key.endswith("attn.hook_pattern")
