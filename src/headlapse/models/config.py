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
    def of(
        cls, family: ModelFamily, settings: Mapping[str, int | float], shape: Mapping[str, int] | None = None
    ) -> ModelConfig:
        """The shape of a variant's model; `shape` is where it differs from the family's, see `Variant.shape`."""
        architecture = family.spec.architecture.model_dump(exclude={"init"})
        return cls(**{**architecture, **family.task.vocabulary(settings)._asdict(), **(shape or {})})
