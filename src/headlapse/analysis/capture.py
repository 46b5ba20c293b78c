"""Activations of a checkpoint over the probe: the model is built once, and each checkpoint's weights are put into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from headlapse.analysis.library import Cache
from headlapse.analysis.protocol import CacheKey
from headlapse.models.bridge import build_bridge, load_weights, run_with_cache
from headlapse.models.config import ModelConfig


class Captured(NamedTuple):
    """A model at a checkpoint, and its activations over the probe."""

    model: Any
    cache: Cache


class BridgeCapture:
    """The plain path, for any family: TransformerLens computes, and only the asked activations are kept."""

    def __init__(self, config: ModelConfig, probe: Int[Tensor, "inputs positions"], device: str) -> None:
        self._config = config
        self._probe = probe.to(device)
        self._device = device
        self._bridge: Any = None

    def __call__(self, arrays: Mapping[str, np.ndarray], keys: Iterable[CacheKey] | None) -> Captured:
        """Activations of the model with these weights; `keys=None` keeps all of them."""
        weights = {name: torch.tensor(array, device=self._device) for name, array in arrays.items()}
        if self._bridge is None:
            self._bridge = build_bridge(self._config, weights, self._device)
        else:
            load_weights(self._bridge, weights)
        return Captured(self._bridge, run_with_cache(self._bridge, self._probe, keys))
