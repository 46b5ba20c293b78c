"""Arguments of an analyzer: numpy arrays if it declares `takes_numpy`, torch tensors otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headlapse.analysis.protocol import Analyzer

if TYPE_CHECKING:
    from headlapse.analysis.library import Cache


def takes_numpy(analyzer: Analyzer) -> bool:
    """Whether the analyzer reads numpy caches, so that torch is not needed."""
    return bool(getattr(analyzer, "takes_numpy", False))


def takes_weights(analyzer: Analyzer) -> bool:
    """Whether the analyzer reads the weights of the checkpoint in addition to another analyzer's arrays."""
    return bool(getattr(analyzer, "takes_weights", False))


def probe_for(analyzer: Analyzer, probe: np.ndarray) -> Any:
    """The probe in the form that `analyzer` takes."""
    if takes_numpy(analyzer):
        return probe
    import torch

    return torch.from_numpy(probe)


def cache_for(analyzer: Analyzer, cache: Cache) -> Cache:
    """The cache in the form that `analyzer` takes."""
    return cache if takes_numpy(analyzer) or not isinstance(cache, dict) else _Tensors(cache)


class _Tensors:
    """A cache of numpy arrays, read as torch tensors that share their memory."""

    def __init__(self, arrays: dict[Any, np.ndarray]) -> None:
        self._arrays = arrays

    def __getitem__(self, key: Any) -> Any:
        import torch

        return torch.from_numpy(self._arrays[key])
