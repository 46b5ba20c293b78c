"""Lower bounds of the memory and disk that a training run needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headlapse.models.config import ModelConfig
from headlapse.results.limits import COMPRESSED, check_disk, check_memory
from headlapse.results.variant import Variant

MULTIPLICATIONS_PER_THREAD = 250_000_000  # of a pass over all inputs; with fewer, a thread gains less time than it waits


@dataclass(frozen=True)
class Plan:
    """How much a run will compute and keep; a restart begins again and keeps the files of the earlier run."""

    epochs: int
    checkpoints: int
    analyze: bool
    restart: bool = False


def check_fits(variant: Variant, plan: Plan, device: str) -> None:
    """Raise `InvalidValueError` with figures if `variant` cannot be trained on this machine.

    Existing files need no more room, except in a restart.
    """
    check_memory(variant, "training", memory_needed(variant), device)
    left = what_is_left(variant, plan)
    what = f"{left.checkpoints:,} {'more ' if left.checkpoints < plan.checkpoints else ''}checkpoints"
    check_disk(variant.results, what, disk_needed(variant, left), "keep fewer with --checkpoint-every, or free some space")


def what_is_left(variant: Variant, plan: Plan) -> Plan:
    """The epochs and checkpoints of `plan` that do not exist yet; all of them in a restart."""
    epochs = [] if plan.restart else variant.checkpoint_epochs
    return replace(plan, epochs=plan.epochs - max([0, *epochs]), checkpoints=max(0, plan.checkpoints - len(epochs)))


def memory_needed(variant: Variant) -> int:
    """Bytes of the probe and of the largest step: the logits, their softmax, and the MLP with its gradient, in float32."""
    config = ModelConfig.of(variant.family, variant.settings)
    inputs = variant.family.task.n_inputs(variant.settings)
    train = int(variant.settings.get("train_fraction", 0) * inputs) or int(variant.settings.get("batch_size", 0))
    probe = inputs * (config.n_ctx + 1) * 8
    training = train * (config.d_vocab_out * 8 + config.d_mlp * 8)
    testing = max(0, inputs - train) * (config.d_vocab_out * 8 + config.d_mlp * 4)
    return probe + max(training, testing)


def disk_needed(variant: Variant, plan: Plan) -> int:
    """Bytes of the checkpoints, the training state, the losses, and the attention patterns if they are analysed."""
    config = ModelConfig.of(variant.family, variant.settings)
    weights = 4 * _parameters(config)
    patterns = variant.layout.pattern_bytes
    kept = weights + (int(COMPRESSED * patterns) if plan.analyze else 0)
    has_state = variant.paths.training_state.exists() and not plan.restart
    states = 1 if plan.epochs <= 0 or has_state else 2  # a new one is written before the old one is removed
    return plan.checkpoints * kept + 3 * states * weights + 24 * max(0, plan.epochs)


def busy_threads(variant: Variant) -> int:
    """The number of threads with enough work, at least 1."""
    return max(1, -(-multiplications(variant) // MULTIPLICATIONS_PER_THREAD))


def multiplications(variant: Variant) -> int:
    """Approximate number in one plain pass over all inputs: each input multiplies every parameter once."""
    config = ModelConfig.of(variant.family, variant.settings)
    return _parameters(config) * variant.family.task.n_inputs(variant.settings)


def _parameters(config: ModelConfig) -> int:
    attention = 4 * config.n_heads * config.d_model * config.d_head
    layers = config.n_layers * (attention + 2 * config.d_model * config.d_mlp)
    return layers + config.d_model * (config.d_vocab + config.d_vocab_out + config.n_ctx)
