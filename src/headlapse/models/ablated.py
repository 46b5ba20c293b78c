"""The plain forward pass with one head replaced."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from headlapse.models.layered import LayeredForward

ZERO, MEAN, UNIFORM, EPOCH = "zero", "mean", "uniform", "epoch"


@dataclass(frozen=True)
class AblatedForward(LayeredForward):
    """`head` of `layer`, both counted from 0, is replaced in one of four ways; exact where `covers_layers` says so.

    - `zero`: it gathers nothing, biases of its values included.
    - `mean`: at each position it gathers the mean over all sequences of the batch, which therefore must hold all inputs.
    - `uniform`: it attends evenly to all positions that it sees.
    - `epoch`: it attends as `pattern` says.
    """

    layer: int
    head: int
    kind: str
    pattern: Float[Tensor, "batch positions positions"] | None = None

    def _mix(
        self,
        block: str,
        pattern: Float[Tensor, "batch head positions positions"],
        value: Float[Tensor, "batch positions head k"],
    ) -> Float[Tensor, "batch positions head k"]:
        if block != f"blocks.{self.layer}":
            return super()._mix(block, pattern, value)
        if self.kind in (UNIFORM, EPOCH):
            pattern = pattern.clone()
            pattern[:, self.head] = self._even(pattern) if self.pattern is None else self.pattern
        mixed = super()._mix(block, pattern, value)
        if self.kind in (ZERO, MEAN):
            mixed[:, :, self.head] = 0 if self.kind == ZERO else mixed[:, :, self.head].mean(dim=0)
        return mixed

    def _even(self, pattern: Float[Tensor, "batch head positions positions"]) -> Float[Tensor, "positions positions"]:
        seen = torch.ones_like(pattern[0, 0])
        if self.config.attention_dir == "causal":
            seen = seen.tril()
        return seen / seen.sum(dim=-1, keepdim=True)
