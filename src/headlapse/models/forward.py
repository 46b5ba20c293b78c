"""The forward pass of a model as a function of its weights, by the fastest way that is exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from headlapse.extras import need
from headlapse.models.config import ModelConfig
from headlapse.models.layered import LayeredForward, covers_layers
from headlapse.models.one_layer import OneLayerForward, covers


@runtime_checkable
class Forward(Protocol):
    """Weights and inputs to logits."""

    def prepare(self, tokens: Int[Tensor, "batch positions"]) -> Any:
        """`tokens` in the form that `logits` takes; computed once for inputs that are used repeatedly."""
        ...

    def logits(self, weights: Mapping[str, Tensor], inputs: Any) -> Float[Tensor, "batch vocab"]:
        """Logits at the last position, differentiable in `weights` (`HookedTransformer` layout)."""
        ...


def forward_for(
    config: ModelConfig,
    weights: Mapping[str, Tensor],
    probe: Int[Tensor, "inputs positions"],
    device: str = "cpu",
    *,
    anywhere: bool = False,
) -> Forward:
    """The fastest exact forward pass for this model on inputs of the probe; with `anywhere` it also takes `Counted` inputs."""
    if not anywhere and covers(config, probe):
        return OneLayerForward(config)
    if covers_layers(config):
        return LayeredForward(config)
    need("transformer_lens")
    from headlapse.models.bridge import BridgeForward

    return BridgeForward(config, weights, device)
