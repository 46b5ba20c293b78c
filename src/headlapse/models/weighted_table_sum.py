"""Weighted sums of table rows, where a table has far fewer rows than there are inputs to sum for.

Used by `one_layer`: every input mixes 2 n_heads rows, one per head for its `a` and one for its `b`. `embedding_bag`
reads the rows from the processor's cache faster than a matrix product would build the same sums, and the same
function sums the gradients back, over the inputs that used a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import embedding_bag

from headlapse.models.matmul import product


@dataclass(frozen=True)
class Pairs:
    """Inputs `[a, b, =]` and the index lists made of them, once per set of inputs.

    Token rows count tokens at `a`, then tokens at `b`; table rows count heads within token rows. A use is one
    (input, a or b, head).
    """

    end_token: Int[Tensor, "1"]
    row_a: Int[Tensor, " inputs"]
    row_b: Int[Tensor, " inputs"]
    mixed: Int[Tensor, "inputs uses_and_constant"]  # table rows, then the constant row behind them
    uses_by_row: Int[Tensor, " all_uses"]
    users: Int[Tensor, " all_uses"]  # the input of each use, by row
    first_use: Int[Tensor, " table_rows"]

    @classmethod
    def of(cls, inputs: Int[Tensor, "inputs 3"], d_vocab: int, n_heads: int) -> Pairs:
        """Prepare `inputs`, whose last token must be the same in every row."""
        row_a, row_b = inputs[:, 0].contiguous(), inputs[:, 1] + d_vocab
        heads = torch.arange(n_heads, device=inputs.device)
        used = rearrange([row_a, row_b], "seen input -> input seen 1") * n_heads + heads
        used = rearrange(used, "input seen head -> input (seen head)")
        table_rows = 2 * d_vocab * n_heads
        counts = torch.bincount(used.flatten(), minlength=table_rows)
        uses_by_row = used.flatten().argsort(stable=True)
        return cls(
            end_token=inputs[:1, 2],
            row_a=row_a,
            row_b=row_b,
            mixed=torch.cat([used, torch.full_like(used[:, :1], table_rows)], dim=1),
            uses_by_row=uses_by_row,
            users=uses_by_row // used.shape[1],
            first_use=counts.cumsum(0) - counts,
        )

    def __len__(self) -> int:
        return len(self.row_a)


@dataclass(frozen=True)
class Table:
    """What a look at a token row adds, per head, and a constant row that every input gets.

    `rows` equals `values @ reading` head by head; the factors serve the gradient of the attention.
    """

    rows: Float[Tensor, "rows_and_constant columns"]
    values: Float[Tensor, "token_row head d_head"]
    reading: Float[Tensor, "head d_head columns"]

    def mix(self, attention: Float[Tensor, "inputs 2 head"], pairs: Pairs) -> Float[Tensor, "inputs columns"]:
        """Per input the sum of its table rows, weighted by attention, plus the constant row."""
        mix: Callable[..., Tensor] = _Mix.apply
        return mix(attention, self.rows, self.values.detach(), self.reading.detach(), pairs)


class _Mix(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, attention: Tensor, rows: Tensor, values: Tensor, reading: Tensor, pairs: Pairs) -> Tensor:
        ctx.save_for_backward(attention, values, reading)
        ctx.pairs = pairs
        shares = rearrange(attention, "input seen head -> input (seen head)")
        shares = torch.cat([shares, torch.ones_like(shares[:, :1])], dim=1)
        # detached, it keeps no notes for a backward of its own
        return embedding_bag(pairs.mixed, rows.detach(), mode="sum", per_sample_weights=shares)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        attention, values, reading = ctx.saved_tensors
        by_head = product(grad, rearrange(reading, "head d_head columns -> columns (head d_head)"))
        by_head = rearrange(by_head, "input (head d_head) -> input head d_head", head=len(reading))
        seen = [(by_head * values.index_select(0, row)).sum(dim=-1) for row in (ctx.pairs.row_a, ctx.pairs.row_b)]
        seen_by_head = rearrange(seen, "seen input head -> input seen head")
        return seen_by_head, _sum_by_row(attention, grad, ctx.pairs), None, None, None


def _sum_by_row(attention: Tensor, grad: Tensor, pairs: Pairs) -> Tensor:
    """For every table row the sum over its uses of attention times the gradient of the input; the constant row last."""
    shares = attention.flatten().index_select(0, pairs.uses_by_row)
    by_row = embedding_bag(pairs.users, grad.contiguous(), pairs.first_use, mode="sum", per_sample_weights=shares)
    return torch.cat([by_row, grad.sum(dim=0, keepdim=True)])
