"""Read activations out of a TransformerLens cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from jaxtyping import Float

if TYPE_CHECKING:
    from torch import Tensor


@runtime_checkable
class Cache(Protocol):
    """Activations by TransformerLens key: an `ActivationCache`, or any mapping."""

    def __getitem__(self, key: Any, /) -> Tensor: ...


def extract_attention_patterns(cache: Cache, layer: int = 0) -> Float[Any, "batch head to from"]:
    """The attention weights of one layer, each `to` row a distribution over `from`.

    Raises `KeyError` where the layer was not captured.
    """
    return cache["pattern", layer]
