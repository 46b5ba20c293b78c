"""The exact fast forward and backward of a one-layer transformer without normalization, on inputs `[a, b, =]`.

It computes what the TransformerLens bridge computes at the last position, from weights in `HookedTransformer`
names and shapes, and agrees with it to float rounding in values and gradients. With x_i the residual stream
before the block at position i, and sums over positions i and heads h:

    x_i     = W_E[token_i] + W_pos[i]
    A_h,i   = softmax over i of (x_end W_Q,h + b_Q,h) . (x_i W_K,h + b_K,h) / scale, which is sqrt(d_head) or declared
    mid     = x_end + sum_h sum_i A_h,i (x_i W_V,h + b_V,h) W_O,h + b_O
    logits  = (mid + act(mid W_in + b_in) W_out + b_out) W_U + b_U

The following work is avoided without changing the result:

1. Only the last position is read, so only its query, its attention row and its MLP are computed. It sees every position
   whether attention is causal or bidirectional.
2. Before the block, a row depends only on token and position, and the last token is always `=`. All inputs share
   2 d_vocab + 1 distinct rows: scores and values are tables over those, not over inputs.
3. There is one query, so W_K is contracted with it first, and a score is one dot product of length d_model.
4. The weights of a row sum to 1, so the value at `=` is added once for all inputs, and an input mixes two differences.
   Everything that does not depend on the input, including biases, is one constant row.
5. Weights are multiplied before they are applied to inputs: W_O W_in, W_O W_U and W_out W_U. The residual stream
   itself is never computed.
6. What a head writes to the MLP, and directly to the logits, are then tables as well. An input sums 2 n_heads rows
   (`weighted_table_sum`) instead of a matrix product over n_heads d_head.

`one_layer_tables` computes the tables, and `one_layer_gradients` is the backward pass through them. Gradients are written by
hand, because autograd would keep more in memory and add in more steps. Everything has a leading axis of models, because
several may be trained at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Float64, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from headlapse.models.activations import ACTIVATIONS, Backward, activated
from headlapse.models.config import SIZES, ModelConfig
from headlapse.models.matmul import product, product_onto, product_onto_in_parts, summed_over_rows
from headlapse.models.one_layer_gradients import TableGradients, unfold
from headlapse.models.one_layer_tables import Tables, Weights, fold
from headlapse.models.weighted_table_sum import Pairs, ShareGradient, mixed, sum_by_row
from headlapse.models.whole_columns import padded_gradient, padded_unembedding, without_added

ANY_VALUE = (*SIZES, "act_fn", "train_biases", "attention_dir", "use_attn_scale", "attn_scale", "eps")


def covers(config: ModelConfig, probe: Int[Tensor, "inputs positions"]) -> bool:
    """Whether `OneLayerForward` is exact: one layer, no normalization, inputs `[a, b, =]` that all end in the same token."""
    is_known = config.is_plain_except(ANY_VALUE) and config.act_fn in ACTIVATIONS and config.d_mlp > 0
    return is_known and probe.shape[1] == 3 and bool((probe[:, -1] == probe[0, -1]).all())


class Kept(NamedTuple):
    """Values of the forward pass that the backward pass needs."""

    attention: Float[Tensor, "3 model inputs head"]
    hidden: Float[Tensor, "model inputs d_mlp"]
    before_hidden: Backward
    before_tables: tuple[ShareGradient, ShareGradient]


@dataclass(frozen=True)
class OneLayerForward:
    """The fast forward pass as a function of weights; exact if `covers` holds."""

    config: ModelConfig

    def prepare(self, tokens: Int[Tensor, "inputs 3"]) -> Pairs:
        """Index lists of `tokens`, which do not depend on weights."""
        return self.prepare_models([tokens])

    def prepare_models(self, tokens: Sequence[Int[Tensor, "inputs 3"]]) -> Pairs:
        """Index lists for several models at once, each with its own inputs, all with the same number of them."""
        return Pairs.of(torch.stack([*tokens]), self.config.d_vocab, self.config.n_heads)

    def logits(self, weights: Weights, inputs: Pairs) -> Float[Tensor, "inputs vocab_out"]:
        """Logits at `=` for every input of one model, differentiable once in `weights`."""
        compute: Callable[..., Tensor] = _Logits.apply
        return compute(self, inputs, tuple(weights), *weights.values())

    def fold(self, weights: Weights, inputs: Pairs) -> Tables:
        """Everything that depends on no token except the last one; `weights` have a leading axis of models."""
        return fold(padded_unembedding(weights), inputs.end_token, self.config)

    def run(self, tables: Tables, pairs: Pairs) -> tuple[Float[Tensor, "model inputs columns"], Kept]:
        """Logits at `=` for every input, padded (`whole_columns`), in the dtype of the weights, and what `gradients` needs.

        Once a model answers well, most of the error of a gradient comes from the logits. Their last sum is therefore
        computed in parts.
        """
        direct, kept = self._before_logits(tables, pairs)
        return product_onto_in_parts(direct, kept.hidden, tables.writing), kept

    def answer(self, tables: Tables, pairs: Pairs) -> Float[Tensor, "model inputs columns"]:
        """Only the logits, padded."""
        direct, kept = self._before_logits(tables, pairs)
        return product_onto(direct, kept.hidden, tables.writing)

    def _before_logits(self, tables: Tables, pairs: Pairs) -> tuple[Float[Tensor, "model inputs columns"], Kept]:
        """The part of the logits that bypasses the MLP, and the inputs of the last product."""
        attention = _attention(tables.scores, pairs)
        ones = attention.new_ones(len(tables.scores) * len(pairs), 1)
        shares = torch.cat([*attention[:2].flatten(1, 2), ones], dim=1)
        read, before_read = mixed(tables.hidden.flatten(0, 1), shares, pairs)
        direct, before_direct = mixed(tables.direct.flatten(0, 1), shares, pairs)
        hidden, before_hidden = activated(self.config.act_fn, read.unflatten(0, (-1, len(pairs))))
        return direct.unflatten(0, (-1, len(pairs))), Kept(attention, hidden, before_hidden, (before_read, before_direct))

    def gradients(
        self, grad: Float[Tensor, "model inputs columns"], kept: Kept, tables: Tables, pairs: Pairs, weights: Weights
    ) -> dict[str, Tensor]:
        """The gradient of every weight from that of the padded logits; it may overwrite what was kept."""
        read = kept.before_hidden(product(grad, tables.writing.mT))
        of_inputs = (read.flatten(0, 1), grad.flatten(0, 1))
        before_read, before_direct = kept.before_tables
        seen = before_read(of_inputs[0]) + before_direct(of_inputs[1])
        shares = kept.attention[:2].flatten().index_select(0, pairs.uses_by_row)
        rows = [sum_by_row(each, shares, pairs).unflatten(0, (len(grad), -1)) for each in of_inputs]
        for table, each in zip(rows, (read, grad), strict=True):
            table[:, -1] = each.sum(dim=1)
        scores = _score_gradient(seen.view_as(kept.attention[:2]), kept.attention, tables.scores, pairs)
        grads = TableGradients(scores, rows[0], rows[1], summed_over_rows(kept.hidden, grad))
        found = unfold(grads, tables, padded_unembedding(weights), pairs.end_token, self.config)
        return without_added(found, self.config.d_vocab_out)


def _attention(scores: Float[Tensor, "model token_rows head"], pairs: Pairs) -> Float[Tensor, "3 model inputs head"]:
    """Weights that `=` gives to `a`, to `b` and to itself."""
    to_pair = scores.flatten(0, 1).index_select(0, pairs.token_rows).view(2, len(scores), len(pairs), -1)
    to_end = scores[None, :, -1:].expand(-1, -1, len(pairs), -1)
    return torch.cat([to_pair, to_end]).softmax(dim=0)


def _score_gradient(
    seen: Float[Tensor, "2 model inputs head"],
    attention: Float[Tensor, "3 model inputs head"],
    scores: Float[Tensor, "model token_rows head"],
    pairs: Pairs,
) -> Float64[Tensor, "model token_rows head"]:
    """From the gradient of attention to that of the scores: backward through the softmax, then summed by token row.

    In float64, because the gradients of queries and keys are sums of these in which most cancels.
    """
    attention, seen = attention.double(), seen.double()
    to_pair, to_end = attention[:2], attention[2]
    mean = (to_pair * seen).sum(dim=0)
    of_pair = (seen - mean) * to_pair
    found = torch.zeros_like(scores, dtype=torch.float64)
    found.view(-1, scores.shape[-1]).index_add_(0, pairs.token_rows, of_pair.flatten(0, 2))
    found[:, -1] = -(to_end * mean).sum(dim=1)
    return found


class _Logits(torch.autograd.Function):
    """The pass of one model for autograd. The backward pass repeats the forward pass, so it can run several times."""

    @staticmethod
    def forward(ctx: Any, forward: OneLayerForward, inputs: Pairs, names: tuple[str, ...], *tensors: Tensor) -> Tensor:
        ctx.forward, ctx.inputs, ctx.names = forward, inputs, names
        ctx.save_for_backward(*tensors)
        return forward.answer(forward.fold(_as_one_model(names, tensors), inputs), inputs)[0, :, : forward.config.d_vocab_out]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        forward, inputs, weights = ctx.forward, ctx.inputs, _as_one_model(ctx.names, ctx.saved_tensors)
        tables = forward.fold(weights, inputs)
        _, kept = forward.run(tables, inputs)
        found = forward.gradients(padded_gradient(grad)[None], kept, tables, inputs, weights)
        return (None, None, None, *(found[name][0] for name in ctx.names))


def _as_one_model(names: Sequence[str], tensors: Sequence[Tensor]) -> Mapping[str, Tensor]:
    return {name: tensor.detach()[None] for name, tensor in zip(names, tensors, strict=True)}
