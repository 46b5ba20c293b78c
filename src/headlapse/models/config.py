"""The shape of a model: a family's architecture joined with its task's vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headlapse.families.base import ModelFamily


@dataclass(frozen=True)
class ModelConfig:
    """Everything that fixes the shapes and the function of a transformer, apart from its weights."""

    n_layers: int
    n_heads: int
    d_model: int
    d_head: int
    d_mlp: int
    act_fn: str
    normalization: str | None
    d_vocab: int
    d_vocab_out: int
    n_ctx: int
    train_biases: bool = False

    @classmethod
    def of(cls, family: ModelFamily, settings: Mapping[str, int | float]) -> ModelConfig:
        """The shape of a variant's model."""
        architecture = family.spec.architecture.model_dump(exclude={"init"})
        return cls(**architecture, **family.task.vocabulary(settings)._asdict())
