"""Derive a model's shape from its weights, and compare every tensor with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from headlapse.errors import IncompatibleFileError
from headlapse.families import Family
from headlapse.models.config import ModelConfig
from headlapse.models.layouts import weight_shapes

REMEDY = "choose the family it belongs to, or check how it was exported"
_READ_OFF = {  # field of the shape: the tensor and its axis
    "d_vocab": ("embed.W_E", 0),
    "d_model": ("embed.W_E", 1),
    "n_ctx": ("pos_embed.W_pos", 0),
    "n_heads": ("blocks.0.attn.W_Q", 0),
    "d_head": ("blocks.0.attn.W_Q", 2),
    "d_mlp": ("blocks.0.mlp.W_in", 1),
    "d_vocab_out": ("unembed.W_U", 1),
}


def shape_of(weights: Mapping[str, Tensor], path: Path) -> dict[str, int]:
    """Heads, widths and vocabulary of the model. Raises `IncompatibleFileError` if a tensor lacks an axis."""
    for name, tensor in weights.items():
        rank = 3 if ".attn.W_" in name else 2 if ".W_" in name or (".attn.b_" in name and not name.endswith("b_O")) else 1
        if tensor.ndim != rank or 0 in tensor.shape:
            raise IncompatibleFileError(path, f"{name} has shape {tuple(tensor.shape)}, expected {rank} axes", REMEDY)
    return {field: weights[name].shape[axis] for field, (name, axis) in _READ_OFF.items() if name in weights}


def differences(family: Family, settings: Mapping[str, Any], shape: Mapping[str, int], path: Path, said: str) -> dict[str, int]:
    """The part of `shape` that differs from the family.

    Widths and the number of heads are free; inputs must be the task's, and there must be at least as many outputs as answers.
    `said` are the settings in words, with their sources. Raises `IncompatibleFileError`.
    """
    expected = ModelConfig.of(family, settings)
    for field, what in (("d_vocab", "tokens"), ("n_ctx", "positions")):
        count = getattr(expected, field)
        if shape[field] != count:
            cut = f", or keep the first {count} rows of {_READ_OFF[field][0]} if no input has others" * (shape[field] > count)
            problem = f"reads {shape[field]} {what}, the family's models read {count} for {said}"
            raise IncompatibleFileError(path, problem, f"{REMEDY}{cut}")
    if shape["d_vocab_out"] < expected.d_vocab_out:
        raise IncompatibleFileError(path, f"has {shape['d_vocab_out']} outputs for {expected.d_vocab_out} answers", REMEDY)
    return {field: size for field, size in shape.items() if size != getattr(expected, field)}


def complete(weights: Mapping[str, Tensor], config: ModelConfig, path: Path) -> dict[str, Tensor]:
    """`weights` with zeros for absent biases. Raises `IncompatibleFileError` if shapes contradict `config`."""
    for name, shape in weight_shapes(config).items():
        if name in weights and tuple(weights[name].shape) != shape:
            found = tuple(weights[name].shape)
            raise IncompatibleFileError(path, f"{name} has shape {found}, the other weights imply {shape}", REMEDY)
    return {name: weights.get(name, torch.zeros(shape)) for name, shape in weight_shapes(config).items()}
