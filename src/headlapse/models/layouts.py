"""Names and shapes of weights.

On disk and in memory, weights have the `HookedTransformer` layout of TransformerLens 2 and 3: names such as
`blocks.0.attn.W_Q`, one matrix per head, `[in, out]`. The bridge of TransformerLens 4 joins the heads and stores `[out, in]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from einops import rearrange

from headlapse.models.config import ModelConfig

Array = TypeVar("Array")  # of numpy or of torch, which is not needed to know shapes


def weight_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor of a model, in the order in which `HookedTransformer` declares them."""
    shapes: dict[str, tuple[int, ...]] = {
        "embed.W_E": (config.d_vocab, config.d_model),
        "pos_embed.W_pos": (config.n_ctx, config.d_model),
    }
    for layer in range(config.n_layers):
        shapes |= {f"blocks.{layer}.{name}": shape for name, shape in _block_shapes(config).items()}
    shapes |= {f"ln_final.{part}": (config.d_model,) for part in _norm_parts(config)}
    return shapes | {"unembed.W_U": (config.d_model, config.d_vocab_out), "unembed.b_U": (config.d_vocab_out,)}


def _block_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    heads, model, head, mlp = config.n_heads, config.d_model, config.d_head, config.d_mlp
    before = ("ln1", "ln2") if mlp else ("ln1",)
    norms: dict[str, tuple[int, ...]] = {f"{norm}.{part}": (model,) for norm in before for part in _norm_parts(config)}
    attention = norms | {
        "attn.W_Q": (heads, model, head),
        "attn.W_O": (heads, head, model),
        "attn.b_Q": (heads, head),
        "attn.b_O": (model,),
        "attn.W_K": (heads, model, head),
        "attn.W_V": (heads, model, head),
        "attn.b_K": (heads, head),
        "attn.b_V": (heads, head),
    }
    if not mlp:
        return attention
    within_mlp = {f"mlp.ln.{part}": (mlp,) for part in ("w", "b") if config.act_fn == "solu_ln"}
    return attention | {
        "mlp.W_in": (model, mlp),
        "mlp.b_in": (mlp,),
        "mlp.W_out": (mlp, model),
        "mlp.b_out": (model,),
        **within_mlp,
    }


def _norm_parts(config: ModelConfig) -> tuple[str, ...]:
    """The parameters of a normalization: scale and shift, only the scale, or none."""
    return {"LN": ("w", "b"), "RMS": ("w",)}.get(config.normalization or "", ())


def is_weight_matrix(name: str) -> bool:
    """Whether `name` is a W_... tensor, as opposed to a bias or a normalization parameter."""
    return name.rsplit(".", 1)[-1].startswith("W_")


def is_bias(name: str) -> bool:
    """Whether `name` is a b_... tensor; normalization parameters (`w`, `b`) are not."""
    return name.rsplit(".", 1)[-1].startswith("b_")


def to_bridge_layout(weights: Mapping[str, Array]) -> dict[str, Array]:
    """`weights` under the names and in the shapes of the bridge's state dict; differentiable where tensors are."""
    return dict(_to_bridge(name, array) for name, array in weights.items())


_BRIDGE_NAMES = {  # leaf: (leaf in the bridge, shape change)
    "W_E": ("weight", None),
    "W_pos": ("weight", None),
    "W_U": ("weight", "model vocab -> vocab model"),
    "b_U": ("bias", None),
    "W_Q": ("q.weight", "head model k -> (head k) model"),
    "W_K": ("k.weight", "head model k -> (head k) model"),
    "W_V": ("v.weight", "head model k -> (head k) model"),
    "W_O": ("o.weight", "head k model -> model (head k)"),
    "b_Q": ("q.bias", "head k -> (head k)"),
    "b_K": ("k.bias", "head k -> (head k)"),
    "b_V": ("v.bias", "head k -> (head k)"),
    "b_O": ("o.bias", None),
    "W_in": ("in.weight", "model mlp -> mlp model"),
    "b_in": ("in.bias", None),
    "W_out": ("out.weight", "mlp model -> model mlp"),
    "b_out": ("out.bias", None),
    "w": ("weight", None),
    "b": ("bias", None),
}


def _to_bridge(name: str, array: Array) -> tuple[str, Array]:
    bridge, pattern = bridge_name(name)
    return bridge, array if pattern is None else rearrange(array, pattern)


def bridge_name(name: str) -> tuple[str, str | None]:
    """The name in the bridge's state dict, and the einops pattern that gives the tensor its shape there."""
    place, _, leaf = name.rpartition(".")
    bridge_leaf, pattern = _BRIDGE_NAMES[leaf]
    return f"{place}.{bridge_leaf}", pattern
