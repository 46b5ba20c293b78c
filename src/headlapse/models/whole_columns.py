"""An unembedding padded to whole vectors, because products whose last vector is ragged are slow.

A processor multiplies 8 or 16 float32 at once. On an AMD with AVX2, MKL computes the 113 logits of a published model at
two thirds of the rate that it has for 112 or 120. The added columns of W_U are zero, and their bias is so low that their
probability, and with it their gradient, is exactly 0.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor
from torch.nn.functional import pad

VECTOR = 8  # float32; multiples of 16 were slower, because rows become longer
NEVER = -1e30  # logit of an added column
W_U, B_U = "unembed.W_U", "unembed.b_U"


def whole(columns: int) -> int:
    """The number of columns after padding."""
    return columns + -columns % VECTOR


def padded_unembedding(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same weights, with columns added to W_U and b_U."""
    added = (0, whole(weights[B_U].shape[-1]) - weights[B_U].shape[-1])
    return {**weights, W_U: pad(weights[W_U], added), B_U: pad(weights[B_U], added, value=NEVER)}


def padded_gradient(of_logits: Tensor) -> Tensor:
    """The gradient of logits, with zeros for the added columns."""
    return pad(of_logits, (0, whole(of_logits.shape[-1]) - of_logits.shape[-1]))


def without_added(gradients: Mapping[str, Tensor], d_vocab_out: int) -> dict[str, Tensor]:
    """The gradients of the weights without those of the added columns, each contiguous, as AdamW needs it."""
    return {**gradients, **{name: gradients[name][..., :d_vocab_out].contiguous() for name in (W_U, B_U)}}
