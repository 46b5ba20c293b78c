"""The only importer of transformer_lens: build its bridge, load it, and run it.

TransformerLens 4 facts this file relies on: `boot` builds a model from a config without any download; its own initial
weights are not used here; `named_parameters` and `state_dict` have different names for the same tensors, and the
unembedding bias is a buffer. So weights go in through `load_state_dict` and are compared afterwards. `use_attn_scale=False`
is ignored, and `attn_scale=1` refused: the divisor of scores is set on the attention itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from transformer_lens import ActivationCache
from transformer_lens.config import TransformerBridgeConfig
from transformer_lens.model_bridge import TransformerBridge
from transformer_lens.model_bridge.sources import native
from transformer_lens.utilities import get_act_name

from headlapse.errors import InvalidValueError
from headlapse.models.config import ModelConfig
from headlapse.models.layered import Counted
from headlapse.models.layouts import to_bridge_layout


def build_bridge(config: ModelConfig, weights: Mapping[str, Tensor], device: str = "cpu") -> TransformerBridge:
    """A TransformerLens 4 bridge with these weights (`HookedTransformer` layout)."""
    with torch.random.fork_rng(devices=[]):  # its own initial weights, not used here, would advance the caller's generator
        bridge = native.boot(_bridge_config(config, device), device=device)
    for block in bridge.blocks:
        block.attn.original_component.scale = config.score_divisor
    bridge.cfg.use_attn_scale, bridge.cfg.attn_scale = config.use_attn_scale, config.score_divisor
    load_weights(bridge, weights)
    return bridge


def load_weights(bridge: TransformerBridge, weights: Mapping[str, Tensor]) -> None:
    """Put `weights` into `bridge` and check that they arrived: a name that is silently ignored would be a wrong model."""
    wanted = to_bridge_layout(weights)
    bridge.load_state_dict(wanted, strict=True)
    present = bridge.state_dict()
    wrong = [name for name, tensor in wanted.items() if not torch.equal(present[name].cpu(), tensor.cpu())]
    if wrong:
        raise InvalidValueError(f"the bridge did not take over {', '.join(wrong)}")


@torch.no_grad()
def run_with_cache(
    bridge: TransformerBridge, tokens: Int[Tensor, "batch positions"], keys: Iterable[str | tuple[str, int]] | None
) -> Any:
    """The `ActivationCache` of `bridge` on `tokens`, by TransformerLens key; only `keys`, or everything if None.

    With `keys` the forward pass ends once the last of them has been computed.
    """
    if keys is None:
        return bridge.run_with_cache(tokens)[1]
    names = list(dict.fromkeys(key if isinstance(key, str) else get_act_name(*key) for key in keys))
    captured: dict[str, Tensor] = {}

    def keep(name: str, activation: Tensor, hook: object) -> None:  # noqa: ARG001 -- called by name
        captured[name] = activation.detach()
        if len(captured) == len(names):
            raise _Complete

    with suppress(_Complete):
        bridge.run_with_hooks(tokens, fwd_hooks=[(name, partial(keep, name)) for name in names])
    return ActivationCache(captured, bridge)


class _Complete(Exception):
    """Not an error: it ends a forward pass once everything wanted has been computed."""


class BridgeForward:
    """The bridge's forward pass as a function of weights in the `HookedTransformer` layout; works for any family."""

    def __init__(self, config: ModelConfig, weights: Mapping[str, Tensor], device: str = "cpu") -> None:
        self.bridge = build_bridge(config, weights, device)
        self._parameter_names = _parameter_names(self.bridge)

    def prepare(self, tokens: Int[Tensor, "batch positions"]) -> Int[Tensor, "batch positions"]:
        """Returns the tokens unchanged, as the bridge takes them."""
        return tokens

    def logits(
        self, weights: Mapping[str, Tensor], inputs: Int[Tensor, "batch positions"] | Counted
    ) -> Float[Tensor, "counted vocab"]:
        """Logits at the last position, or at the positions that count, differentiable in `weights`."""
        named = {self._parameter_names[name]: tensor for name, tensor in to_bridge_layout(weights).items()}
        tokens = inputs.tokens if isinstance(inputs, Counted) else inputs
        logits: Tensor = torch.func.functional_call(self.bridge, named, (tokens,))
        return logits[inputs.counted] if isinstance(inputs, Counted) else logits[:, -1]


def _parameter_names(bridge: TransformerBridge) -> dict[str, str]:
    """For every name in the state dict, the name of the same tensor as parameter or buffer."""
    tensors = [*bridge.named_parameters(), *bridge.named_buffers()]
    name_at = {tensor.data_ptr(): name for name, tensor in tensors}
    return {name: name_at[tensor.data_ptr()] for name, tensor in bridge.state_dict().items()}


def _bridge_config(config: ModelConfig, device: str) -> TransformerBridgeConfig:
    fields = dataclasses.asdict(config)
    for name in ("train_biases", "use_attn_scale", "attn_scale"):
        del fields[name]
    normalization = fields.pop("normalization")
    fields["attn_only"] = config.d_mlp == 0
    return TransformerBridgeConfig(
        **fields, normalization_type=normalization, architecture="TransformerLensNative", device=device
    )
