"""Activations of a checkpoint over the probe, computed as far as the analyzers ask."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Int
from torch import Tensor

from headlapse.analysis.library import Cache
from headlapse.analysis.protocol import CacheKey
from headlapse.models.config import ModelConfig
from headlapse.models.one_layer_patterns import covers_grid, grid_patterns
from headlapse.system.blas_threads import one_torch_thread

PATTERN = "blocks.0.attn.hook_pattern"
PATTERN_KEYS: frozenset[CacheKey] = frozenset({("pattern", 0), PATTERN})


class Captured(NamedTuple):
    """Activations over the probe, and the model they come from where one was built."""

    model: Any
    cache: Cache


class Capture(Protocol):
    """Weights to activations over one probe."""

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> Captured:
        """Activations of the model with these weights."""
        ...


def capture_for(
    config: ModelConfig, probe: Int[Tensor, "inputs positions"], keys: Iterable[CacheKey] | None, device: str = "cpu"
) -> Capture:
    """The fastest exact way to the activations `keys` (None: all) of such models on `probe`."""
    wanted = None if keys is None else list(keys)
    if wanted is not None and PATTERN_KEYS.issuperset(wanted) and covers_grid(config, probe.numpy()):
        return GridCapture(math.isqrt(len(probe)), config)
    return BridgeCapture(config, probe, wanted, device)


class GridCapture:
    """Attention patterns of a one-layer model on all pairs, without building a model."""

    def __init__(self, p: int, config: ModelConfig) -> None:
        self._p = p
        self._config = config

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> Captured:
        patterns = grid_patterns(arrays, self._p, self._config)
        patterns = rearrange(patterns, "head to_pos from_pos a b -> (a b) head to_pos from_pos")
        return Captured(None, dict.fromkeys(PATTERN_KEYS, torch.from_numpy(patterns)))


class BridgeCapture:
    """The plain path, for any family: TransformerLens computes up to the last activation that is asked for.

    The model is built once, and each checkpoint's weights are put into it.
    """

    def __init__(
        self, config: ModelConfig, probe: Int[Tensor, "inputs positions"], keys: list[CacheKey] | None, device: str
    ) -> None:
        self._config = config
        self._probe = probe.to(device)
        self._keys = keys
        self._device = device
        self._bridge: Any = None

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> Captured:
        from headlapse.models.bridge import build_bridge, load_weights, run_with_cache

        weights = {name: torch.tensor(array, device=self._device) for name, array in arrays.items()}
        if self._bridge is None:
            self._bridge = build_bridge(self._config, weights, self._device)
        else:
            load_weights(self._bridge, weights)
        with one_torch_thread():
            return Captured(self._bridge, run_with_cache(self._bridge, self._probe, self._keys))
