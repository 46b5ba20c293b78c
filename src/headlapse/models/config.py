"""The shape of a model: a family's architecture joined with its task's vocabulary."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from headlapse.families import Family
from headlapse.models.heads import head_labels

SIZES = ("n_heads", "d_model", "d_head", "d_mlp", "d_vocab", "d_vocab_out", "n_ctx")


@dataclass(frozen=True)
class ModelConfig:
    """Everything that determines the shapes and the computation of a transformer, apart from its weights.

    Defaults are those of the plain model: one layer, causal, scores over sqrt(d_head), no normalization, ReLU. An
    attention-only model has a `d_mlp` of 0 and ignores `act_fn`.
    """

    n_heads: int
    d_model: int
    d_head: int
    d_mlp: int
    d_vocab: int
    d_vocab_out: int
    n_ctx: int
    n_layers: int = 1
    act_fn: str = "relu"
    normalization: str | None = None
    train_biases: bool = False
    attention_dir: str = "causal"
    use_attn_scale: bool = True
    attn_scale: float | None = None
    eps: float = 1e-5

    @property
    def head_labels(self) -> tuple[str, ...]:
        """One name per head; heads run over layers, then over the heads of a layer."""
        return head_labels(self.n_layers, self.n_heads)

    @property
    def score_divisor(self) -> float:
        """The number by which products of query and key are divided."""
        if not self.use_attn_scale:
            return 1.0
        return self.d_head**0.5 if self.attn_scale is None else self.attn_scale

    def is_plain_except(self, implemented: Collection[str]) -> bool:
        """Whether every field, except those `implemented`, has the value of the plain model.

        A fast path checks this, so that it never ignores a field that it does not know.
        """
        others = (field for field in fields(self) if field.name not in implemented)
        return all(field.default is not MISSING and getattr(self, field.name) == field.default for field in others)

    @classmethod
    def of(cls, family: Family, settings: Mapping[str, Any], shape: Mapping[str, int] | None = None) -> ModelConfig:
        """The shape of a variant's model; `shape` has its differences from the family's, see `Variant.shape`."""
        architecture = family.spec.architecture.model_dump(exclude={"init"})
        if architecture["d_mlp"] is None:
            del architecture["act_fn"]
            architecture["d_mlp"] = 0
        return cls(**{**architecture, **family.task.vocabulary(settings)._asdict(), **(shape or {})})
