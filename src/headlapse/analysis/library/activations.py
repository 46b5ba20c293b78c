"""Read activations out of a TransformerLens cache."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from headlapse.analysis.library.grid import as_numpy


@runtime_checkable
class Cache(Protocol):
    """Activations by TransformerLens key, as torch tensors or numpy arrays: an `ActivationCache`, or any mapping."""

    def __getitem__(self, key: Any, /) -> Any: ...


def extract_attention_patterns(cache: Cache, layer: int = 0) -> Any:
    """The attention weights of one layer, `(input, head, to, from)`, each `to` row a distribution over `from`.

    A tensor or an array, as the cache holds it. Raises `KeyError` where the layer was not captured.
    """
    return cache["pattern", layer]


def extract_all_patterns(cache: Cache, n_layers: int) -> Float[np.ndarray, "input head to from"]:
    """The attention weights of all layers; heads run over layers, then over the heads of a layer."""
    layers = [as_numpy(extract_attention_patterns(cache, layer)) for layer in range(n_layers)]
    return layers[0] if n_layers == 1 else np.concatenate(layers, axis=1)
