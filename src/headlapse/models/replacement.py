"""Replaced heads, and the answers that their model then gives, from numpy arrays.

`LayeredAnswers` computes a model of any depth directly. `OneLayerAnswers` computes one layer that answers at the last position,
in the way of `one_layer`: the inputs of the MLP and the unembedding are linear in what the heads gather, so weights are
multiplied first, and a replaced head costs only a small product. Neither needs torch, both are exact if `can_replace` holds,
and they agree up to the rounding of their dtype.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float, Int

from headlapse.families.tasks import NOT_COUNTED
from headlapse.models.config import SIZES, ModelConfig
from headlapse.models.numpy_activations import ACTIVATIONS

Kind = Literal["zero", "mean", "uniform", "epoch"]
ZERO, MEAN, UNIFORM, EPOCH = "zero", "mean", "uniform", "epoch"
Weights = Mapping[str, np.ndarray]
ANY_VALUE = (*SIZES, "n_layers", "act_fn", "train_biases", "attention_dir", "use_attn_scale", "attn_scale", "eps")


@dataclass(frozen=True)
class Replacement:
    """`heads`, counted over all layers, and what they do instead.

    - `zero`: the head gathers nothing, not even the biases of its values.
    - `mean`: at each position it gathers the mean over all inputs.
    - `uniform`: it attends evenly to all positions that it sees.
    - `epoch`: it attends as `patterns[head]` says, `(inputs, to, from)`.
    """

    heads: tuple[int, ...] = ()
    kind: str = ZERO
    patterns: Mapping[int, Float[np.ndarray, "inputs to from"]] | None = None

    def pattern(self, head: int) -> Float[np.ndarray, "inputs to from"]:
        """The attention that replaces that of `head`, for the kind `epoch`."""
        assert self.patterns is not None
        return self.patterns[head]


INTACT = Replacement()


class Questions(NamedTuple):
    """Inputs, the positions at which their answers count, and the right answers, one after the other, input by input."""

    tokens: Int[np.ndarray, "inputs positions"]
    counted: Bool[np.ndarray, "inputs positions"]
    answers: Int[np.ndarray, " counted"]

    @classmethod
    def of(cls, tokens: Int[np.ndarray, "inputs positions"], labels: Int[np.ndarray, "inputs ..."]) -> Questions:
        """From a probe and the labels that its task gives it."""
        if labels.ndim == 1:
            counted = np.zeros(tokens.shape, dtype=bool)
            counted[:, -1] = True
            return cls(tokens, counted, labels)
        counted = labels != NOT_COUNTED
        return cls(tokens, counted, labels[counted])

    @property
    def only_last(self) -> bool:
        """Whether each input has one answer, at its last position."""
        return bool(self.counted[:, -1].all()) and not self.counted[:, :-1].any()


class Part(NamedTuple):
    """Some consecutive answers: which, and a function that computes their logits, which the caller may overwrite."""

    answers: slice
    logits: Callable[[], Float[np.ndarray, "_ vocab_out"]]


@runtime_checkable
class Answering(Protocol):
    """A model with its inputs."""

    def parts(self, replaced: Replacement = INTACT) -> Sequence[Part]:
        """All answers in their order; parts can be computed in any order, and several at once."""
        ...


def can_replace(config: ModelConfig) -> bool:
    """Whether heads can be replaced exactly: the model has no normalization."""
    return config.is_plain_except(ANY_VALUE) and config.act_fn in ACTIVATIONS


def answering(
    weights: Weights, config: ModelConfig, questions: Questions, dtype: type = np.float64, threads: int = 1
) -> Answering:
    """The faster of the two for this model and these questions, computing in `dtype`, prepared in at most `threads` threads."""
    from headlapse.models.layered_answers import LayeredAnswers
    from headlapse.models.one_layer_answers import OneLayerAnswers

    if config.n_layers == 1 and questions.only_last:
        return OneLayerAnswers.of(weights, config, questions.tokens, dtype, threads)
    return LayeredAnswers({name: array.astype(dtype) for name, array in weights.items()}, config, questions)


def even_attention(n_positions: int, is_causal: bool) -> Float[np.ndarray, "to from"]:
    """Attention spread evenly over the positions that each one sees."""
    seen = np.tri(n_positions) if is_causal else np.ones((n_positions, n_positions))
    even: np.ndarray = seen / seen.sum(axis=1, keepdims=True)
    return even
