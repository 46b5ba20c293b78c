"""Recognise the layout of somebody's weights and bring them into the `HookedTransformer` layout.

A layout is a table: their name to our name and the change of shape. The tensors' own shapes are not trusted to tell a matrix
from its transpose (d_model is often heads * d_head): names and ranks decide the layout, and accuracy shows whether it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from einops import EinopsError, rearrange
from torch import Tensor

from headlapse.errors import IncompatibleFileError
from headlapse.families import Family
from headlapse.importing.files import Tensors
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import bridge_name, is_bias, weight_shapes

REMEDY = "known layouts: {}"
Table = dict[str, tuple[str, str | None]]  # their name: (our name, einops pattern)


@dataclass(frozen=True)
class Layout:
    """How some program names and shapes weights. `fused` layouts join the heads, so their number cannot be seen."""

    title: str
    recognises: Callable[[Tensors], bool]
    translate: Callable[[str], tuple[str, str | None]]  # our name to their name and the change from theirs to ours
    fused: bool = False

    def table(self, names: Iterable[str]) -> Table:
        """The table for weights that we call `names`."""
        return {self.translate(name)[0]: (name, self.translate(name)[1]) for name in names}


def _rank_of_w_o(tensors: Tensors) -> int | None:
    tensor = tensors.get("blocks.0.attn.W_O")
    return None if tensor is None else tensor.ndim


def _from_bridge(name: str) -> tuple[str, str | None]:
    theirs, pattern = bridge_name(name)
    return theirs, None if pattern is None else " -> ".join(reversed(pattern.split(" -> ")))


_NANDA = {
    "W_E": "model vocab -> vocab model",
    "W_Q": "head k model -> head model k",
    "W_K": "head k model -> head model k",
    "W_V": "head k model -> head model k",
    "W_O": "model (head k) -> head k model",
    "W_in": "mlp model -> model mlp",
    "W_out": "model mlp -> mlp model",
}
LAYOUTS = (
    Layout("HookedTransformer (TransformerLens 1 to 3)", lambda tensors: _rank_of_w_o(tensors) == 3, lambda name: (name, None)),
    Layout("bridge (TransformerLens 4)", lambda tensors: "blocks.0.attn.q.weight" in tensors, _from_bridge, fused=True),
    Layout(
        "progress measures (Nanda et al., 2023)",
        lambda tensors: _rank_of_w_o(tensors) == 2,
        lambda name: (name, _NANDA.get(name.rsplit(".", 1)[-1])),
    ),
)


def recognise(tensors: Tensors, path: Path) -> Layout:
    """The layout of `tensors`. Raises `IncompatibleFileError` listing the known ones."""
    for layout in LAYOUTS:
        if layout.recognises(tensors):
            return layout
    some = ", ".join(sorted(tensors)[:3])
    known = "; ".join(layout.title for layout in LAYOUTS)
    raise IncompatibleFileError(path, f"holds {some}, ... in no known layout", REMEDY.format(known))


def convert(tensors: Tensors, layout: Layout, names: Iterable[str], n_heads: int, path: Path) -> dict[str, Tensor]:
    """`tensors` as float32 under our `names`; biases may be missing. Raises `IncompatibleFileError` for what does not fit."""
    table = layout.table(names)
    given = {name: tensor for name, tensor in tensors.items() if not _is_constant(name)}
    unknown = sorted(given.keys() - table.keys())
    missing = sorted(theirs for theirs, (ours, _) in table.items() if theirs not in given and not is_bias(ours))
    if unknown or missing:
        problem = f"has no {missing[0]}" if missing else f"has {unknown[0]}, which this family's models do not have"
        raise IncompatibleFileError(path, problem, f"its layout looks like {layout.title}; choose another --family")
    converted = {}
    for name, tensor in given.items():
        ours, pattern = table[name]
        converted[ours] = _float32(_change(tensor, pattern, n_heads, name, path), name, path)
    return converted


def weight_names(family: Family) -> list[str]:
    """Our names for the tensors of a family's models."""
    return list(weight_shapes(ModelConfig.of(family, family.resolve({}))))


def _change(tensor: Tensor, pattern: str | None, n_heads: int, name: str, path: Path) -> Tensor:
    if pattern is None:
        return tensor
    joined = "(head k)" in pattern.split(" -> ", maxsplit=1)[0]
    try:
        return rearrange(tensor, pattern, **({"head": n_heads} if joined else {}))
    except EinopsError as error:
        problem = f"{name} {tuple(tensor.shape)} does not split into {n_heads} heads as '{pattern}'"
        raise IncompatibleFileError(path, problem, "give the right number with --heads") from error


def _is_constant(name: str) -> bool:
    """Causal masks that some layouts keep among the weights."""
    return name.rsplit(".", 1)[-1] in ("mask", "IGNORE")


def _float32(tensor: Tensor, name: str, path: Path) -> Tensor:
    if not tensor.is_floating_point():
        raise IncompatibleFileError(path, f"{name} holds {tensor.dtype}, not floating-point numbers", "export weights")
    weights = tensor.detach().to(torch.float32).contiguous()
    if not torch.isfinite(weights).all():
        raise IncompatibleFileError(path, f"{name} contains NaN, infinity or numbers beyond float32", "choose an earlier epoch")
    return weights
