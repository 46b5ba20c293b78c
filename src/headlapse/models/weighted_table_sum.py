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
    mixes the rows of all heads of a token; the constant row follows them. Rows and inputs are counted through all models. A
    use is one (a or b, model, input, head), and uses are counted in this order.
    """

    tokens: Int[Tensor, "model inputs 3"]
    token_rows: Int[Tensor, " seen_model_inputs"]
    mixed: Int[Tensor, "model_inputs uses_and_constant"]  # table rows
    first_mixed: Int[Tensor, " model_inputs"]  # place of each input in `mixed`, flattened
    used: Int[Tensor, " uses"]  # the table row of each use
    used_by: Int[Tensor, " uses"]  # the input of each use
    uses_by_row: Int[Tensor, " uses"]
    users: Int[Tensor, " uses"]  # the input of each use, by row
    first_use: Int[Tensor, " rows"]  # place of each row in `users`

    @classmethod
    def of(cls, tokens: Int[Tensor, "model inputs 3"], d_vocab: int, n_heads: int) -> Pairs:
        """Prepare inputs, whose last token must be the same in every row. Sums are fastest if the inputs are sorted."""
        n_models, n_inputs, _ = tokens.shape
        n_rows = 2 * d_vocab * n_heads + 1  # of a model
        model = torch.arange(n_models, device=tokens.device)[:, None]
        seen = torch.stack([tokens[..., 0], tokens[..., 1] + d_vocab])
        heads = torch.arange(n_heads, device=tokens.device)
        used = (seen[..., None] * n_heads + heads + model[..., None] * n_rows).flatten(1, 2)
        constant = (model + 1).expand(-1, n_inputs).reshape(-1, 1) * n_rows - 1
        mixed = torch.cat([*used, constant], dim=1)
        uses_by_row = used.flatten().argsort(stable=True)
        counts = torch.bincount(used.flatten(), minlength=n_models * n_rows)
        inputs = torch.arange(n_models * n_inputs, dtype=torch.int, device=tokens.device)
        used_by = inputs[:, None].expand(2, -1, n_heads).flatten()
        return cls(
            tokens=tokens,
            token_rows=(seen + model * (2 * d_vocab + 1)).flatten(),
            mixed=mixed.int(),
            first_mixed=inputs * mixed.shape[1],
            used=used.flatten().int(),
            used_by=used_by,
            uses_by_row=uses_by_row,
            users=used_by[uses_by_row],
            first_use=(counts.cumsum(0) - counts).int(),
        )

    @property
    def end_token(self) -> Int[Tensor, "1"]:
        """The last token, the same in every input."""
        return self.tokens[0, :1, 2]

    def __len__(self) -> int:
        return self.tokens.shape[1]


SUM = 0  # number of this mode of `embedding_bag` in PyTorch's operators

Shares = Float[Tensor, "model_inputs uses_and_constant"]
OfUses = Float[Tensor, " uses"]
Table = Float[Tensor, "rows columns"]
OfInputs = Float[Tensor, "model_inputs columns"]
ShareGradient = Callable[[OfInputs], OfUses]


def mixed(table: Table, shares: Shares, pairs: Pairs) -> tuple[OfInputs, ShareGradient]:
    """For each input, the sum of its table rows, each times its share; and the backward pass, to the gradient of the shares.

    The latter is, for every use, the dot product of its row with the gradient of its input.
    """
    operator = _shares_backward()
    table = table.detach()
    if operator is not None:
        found = _sum(table, pairs.mixed.flatten(), pairs.first_mixed, shares.detach())
        return found, lambda grad: operator(grad, table, pairs.used, pairs.first_mixed, pairs.used_by, SUM)
    with torch.enable_grad():
        shares = shares.detach().requires_grad_()
        found = _sum(table, pairs.mixed.flatten(), pairs.first_mixed, shares)

    def before(grad: OfInputs) -> OfUses:
        by_input = torch.autograd.grad(found, shares, grad)[0][:, :-1]
        return rearrange(by_input, "input (seen head) -> (seen input head)", seen=2)

    return found.detach(), before


def _shares_backward() -> Callable[..., Tensor] | None:
    """PyTorch's private backward operator of the shares, which autograd calls, too; None if there is none.

    Called directly, it keeps nothing for autograd, and does not make autograd load sympy. It takes uses in any order.
    """
    return getattr(getattr(torch.ops.aten, "_embedding_bag_per_sample_weights_backward", None), "default", None)


def sum_by_row(of_inputs: OfInputs, by_row: OfUses, pairs: Pairs) -> Table:
    """For every table row, the sum over its uses of the share times the row of the input. Constant rows stay zero.

    `by_row` are the shares in the order of `uses_by_row`.
    """
    return _sum(of_inputs, pairs.users, pairs.first_use, by_row)


def _sum(
    rows: Table, places: Int[Tensor, " places"], first: Int[Tensor, " sums"], shares: Tensor
) -> Float[Tensor, "sums columns"]:
    found: Tensor = embedding_bag(places, rows, first, mode="sum", per_sample_weights=shares.flatten())
    return found
