"""The forward pass of a model as a function of its weights, whichever way it is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from headlapse.models.config import ModelConfig


@runtime_checkable
class Forward(Protocol):
    """Weights and tokens to logits."""

    def logits(self, weights: Mapping[str, Tensor], tokens: Int[Tensor, "batch positions"]) -> Float[Tensor, "batch vocab"]:
        """Logits at the last position, differentiable in `weights` (`HookedTransformer` layout)."""
        ...


def forward_for(config: ModelConfig, weights: Mapping[str, Tensor], device: str = "cpu") -> Forward:
    """The fastest exact forward pass for this model."""
    from headlapse.models.bridge import BridgeForward

    return BridgeForward(config, weights, device)
