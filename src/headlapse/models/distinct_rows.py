"""Rows of the residual stream that are computed once and stand at many positions.

Before the first layer, a row depends only on token and position. All pairs of two numbers modulo p have 2p + 1 such rows, with
`=`, at 3p² positions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import embedding


class DistinctPairs(NamedTuple):
    """The distinct pairs of token and position among sequences, and the number of the pair at each position."""

    tokens: Int[Tensor, " pair"]
    positions: Int[Tensor, " pair"]
    places: Int[Tensor, "batch positions"]

    @classmethod
    def of(cls, tokens: Int[Tensor, "batch positions"]) -> DistinctPairs | None:
        """The pairs of `tokens`, or None if they are more than half as many as the tokens: computing them once gains little."""
        positions = tokens.shape[1]
        numbers = tokens * positions + torch.arange(positions, device=tokens.device)
        pairs, places = numbers.unique(return_inverse=True)
        return cls(pairs // positions, pairs % positions, places) if 2 * len(pairs) <= tokens.numel() else None


class Rows(NamedTuple):
    """A vector at each position of sequences: `values` are `(batch, positions, vector)`, or the rows numbered by `places`."""

    values: Float[Tensor, "*at vector"]
    places: Int[Tensor, "batch positions"] | None = None

    def map(self, function: Callable[[Tensor], Tensor]) -> Rows:
        """The same places with other vectors."""
        return Rows(function(self.values), self.places)

    def at_last(self) -> Rows:
        """Only the last position."""
        return Rows(self.values[:, -1:]) if self.places is None else Rows(self.values, self.places[:, -1:])

    def spread(self) -> Float[Tensor, "batch positions vector"]:
        """The vector at each position."""
        return self.values if self.places is None else embedding(self.places, self.values)
