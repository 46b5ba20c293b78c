"""Initial weights as `HookedTransformer` (TransformerLens 1 to 3) drew them, bit for bit.

Published seeds therefore give the published weights.

One seeding, then a normal draw for every weight matrix in the order of declaration, with standard deviation
0.8 / sqrt(d_model); biases are zero, normalization scales one.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from headlapse.models.config import ModelConfig
from headlapse.models.layouts import is_weight_matrix, weight_shapes


def initial_weights(config: ModelConfig, seed: int) -> dict[str, Tensor]:
    """float32 weights in the `HookedTransformer` layout. The global random state does not change."""
    generator = torch.Generator().manual_seed(seed)
    std = 0.8 / math.sqrt(config.d_model)
    return {name: _draw(name, shape, std, generator) for name, shape in weight_shapes(config).items()}


def _draw(name: str, shape: tuple[int, ...], std: float, generator: torch.Generator) -> Tensor:
    if is_weight_matrix(name):
        return torch.empty(shape).normal_(std=std, generator=generator)
    return torch.ones(shape) if name.endswith(".w") else torch.zeros(shape)
