"""Read activations out of a TransformerLens cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jaxtyping import Float
from torch import Tensor


def extract_attention_patterns(cache: Mapping[Any, Tensor], layer: int = 0) -> Float[Tensor, "batch head to from"]:
    """The attention weights of one layer, each `to` row a distribution over `from`.

    `cache` is any mapping with TransformerLens keys. Raises `KeyError` where the layer was not captured.
    """
    return cache["pattern", layer]
