"""Weighted sums of table rows, for tables with far fewer rows than inputs.

Used by `one_layer`: every input mixes 2 n_heads rows, one per head for its `a` and one for its `b`. `embedding_bag`
reads the rows from the processor's cache faster than a matrix product would compute the same sums. Its backward pass takes the
dot products of rows with gradients, and the same function sums the gradients over the inputs that used a row.

Tables of several models are concatenated, and so are their inputs: for `embedding_bag` they are one long table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import embedding_bag


@dataclass(frozen=True)
class Pairs:
    """Inputs `[a, b, =]` of one or several models, and their index lists, computed once per set of inputs.

    Token rows count tokens at `a`, then tokens at `b`, then `=`. Table rows count heads within token rows, because an input
    mixes the rows of all heads of a token; the constant row follows them. A use is one (input, a or b, head). All rows are
    counted through all models.
    """

    tokens: Int[Tensor, "model inputs 3"]
    token_rows: Int[Tensor, " model_inputs_and_seen"]
    mixed: Int[Tensor, "model_inputs uses_and_constant"]  # table rows
    uses_by_row: Int[Tensor, " all_uses"]
    users: Int[Tensor, " all_uses"]  # the input of each use, by row
    first_use: Int[Tensor, " rows"]
    used: Int[Tensor, " all_uses"]  # the table row of each use, by input
    first_used: Int[Tensor, " model_inputs"]  # place of each input in `used`
    used_by: Int[Tensor, " all_uses"]  # the input of each place

    @classmethod
    def of(cls, tokens: Int[Tensor, "model inputs 3"], d_vocab: int, n_heads: int) -> Pairs:
        """Prepare inputs, whose last token must be the same in every row. Sums are fastest if the inputs are sorted."""
        seen = torch.stack([tokens[..., 0], tokens[..., 1] + d_vocab], dim=-1)
        model = torch.arange(len(tokens), device=tokens.device)[:, None, None]
        heads = torch.arange(n_heads, device=tokens.device)
        rows_per_model = 2 * d_vocab * n_heads + 1
        used = seen[..., None] * n_heads + heads + model[..., None] * rows_per_model
        used = rearrange(used, "model input seen head -> (model input) (seen head)")
        constant = (model[:, :, 0] + 1).expand(-1, tokens.shape[1]) * rows_per_model - 1
        counts = torch.bincount(used.flatten(), minlength=len(tokens) * rows_per_model)
        uses_by_row = used.flatten().argsort(stable=True)
        inputs = torch.arange(len(used), dtype=torch.int, device=tokens.device)
        return cls(
            tokens=tokens,
            token_rows=(seen + model * (2 * d_vocab + 1)).flatten(),
            mixed=torch.cat([used, constant.reshape(-1, 1)], dim=1).int(),
            uses_by_row=uses_by_row,
            users=(uses_by_row // used.shape[1]).int(),
            first_use=(counts.cumsum(0) - counts).int(),
            used=used.flatten().int(),
            first_used=inputs * used.shape[1],
            used_by=inputs.repeat_interleave(used.shape[1]),
        )

    @property
    def end_token(self) -> Int[Tensor, "1"]:
        """The last token, the same in every input."""
        return self.tokens[0, :1, 2]

    def __len__(self) -> int:
        return self.tokens.shape[1]


SUM = 0  # number of this mode of `embedding_bag` in PyTorch's operators

Shares = Float[Tensor, "model_inputs uses_and_constant"]
Table = Float[Tensor, "rows columns"]
OfInputs = Float[Tensor, "model_inputs columns"]
ShareGradient = Callable[[OfInputs], Float[Tensor, "model_inputs uses"]]


def mixed(table: Table, shares: Shares, pairs: Pairs) -> tuple[OfInputs, ShareGradient]:
    """For each input, the sum of its table rows, each times its share; and the backward pass, to the gradient of the shares.

    The latter is, for every use, the dot product of its row with the gradient of its input.
    """
    operator = _shares_backward()
    if operator is not None:
        table = table.detach()
        found = embedding_bag(pairs.mixed, table, mode="sum", per_sample_weights=shares.detach())
        places = pairs.used, pairs.first_used, pairs.used_by
        return found, lambda grad: operator(grad, table, *places, SUM).view(len(shares), -1)
    with torch.enable_grad():
        shares = shares.detach().requires_grad_()
        found = embedding_bag(pairs.mixed, table.detach(), mode="sum", per_sample_weights=shares)
    return found.detach(), lambda grad: torch.autograd.grad(found, shares, grad)[0][:, :-1]


def _shares_backward() -> Callable[..., Tensor] | None:
    """PyTorch's private backward operator of the shares, which autograd calls, too; None if there is none.

    Called directly, it keeps nothing for autograd, and does not make autograd load sympy.
    """
    return getattr(getattr(torch.ops.aten, "_embedding_bag_per_sample_weights_backward", None), "default", None)


def sum_by_row(of_inputs: OfInputs, shares: Float[Tensor, "model_inputs uses"], pairs: Pairs) -> Table:
    """For every table row, the sum over its uses of the share times the row of the input. Constant rows stay zero."""
    by_row = shares.flatten().index_select(0, pairs.uses_by_row)
    found: Tensor = embedding_bag(pairs.users, of_inputs, pairs.first_use, mode="sum", per_sample_weights=by_row)
    return found
