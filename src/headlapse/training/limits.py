"""Refuse a run that cannot fit, with figures, before any work: memory of the device, and space on the disk.

The estimates are lower bounds, so that nothing is refused that could have run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import torch

from headlapse.errors import InvalidValueError
from headlapse.models.config import ModelConfig
from headlapse.results.disk import free_bytes
from headlapse.results.variant import Variant

COMPRESSED = 0.3  # of an artifact's bytes, at best
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Plan:
    """How much a run will compute and keep."""

    epochs: int
    checkpoints: int
    analyze: bool


def check_fits(variant: Variant, plan: Plan, device: str) -> None:
    """Raise `InvalidValueError` with figures where `variant` cannot be trained on this machine."""
    needed, free = memory_needed(variant), memory_free(device)
    if free is not None and needed > free:
        size = ", ".join(f"{name} {variant.settings[name]:,}" for name in variant.family.spec.domain_parameters)
        raise InvalidValueError(
            f"training needs at least {_gigabytes(needed)} of memory and {device} has {_gigabytes(free)} free ({size}); "
            "choose a smaller model or fewer inputs"
        )
    needed, free = disk_needed(variant, plan), free_bytes(variant.results)
    if needed > free:
        raise InvalidValueError(
            f"{plan.checkpoints:,} checkpoints need at least {_gigabytes(needed)} and {variant.results} has "
            f"{_gigabytes(free)} free; keep fewer with --checkpoint-every, or free some space"
        )


def memory_needed(variant: Variant) -> int:
    """Bytes of the probe and of the largest step: float64 logits, their log-softmax and gradient, and the MLP."""
    config = ModelConfig.of(variant.family, variant.settings)
    inputs = variant.family.task.n_inputs(variant.settings)
    train = int(variant.settings["train_fraction"] * inputs)
    probe = inputs * (config.n_ctx + 1) * 8
    training = train * (config.d_vocab_out * 24 + config.d_mlp * 8)
    testing = (inputs - train) * (config.d_vocab_out * 16 + config.d_mlp * 4)
    return probe + max(training, testing)


def disk_needed(variant: Variant, plan: Plan) -> int:
    """Bytes of the checkpoints, the training state, the losses, and attention patterns where they are analysed."""
    config = ModelConfig.of(variant.family, variant.settings)
    weights = 4 * _parameters(config)
    patterns = 4 * config.n_layers * config.n_heads * config.n_ctx**2 * variant.family.task.n_inputs(variant.settings)
    kept = weights + (int(COMPRESSED * patterns) if plan.analyze else 0)
    return plan.checkpoints * kept + 3 * weights + 24 * plan.epochs


def memory_free(device: str) -> int | None:
    """Bytes a process may still take on `device`; None where the system does not say."""
    if device == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    return min((bytes_ for bytes_ in (_system_memory(), _container_memory()) if bytes_ is not None), default=None)


def _system_memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None


def _container_memory() -> int | None:
    try:
        limit, used = ((_CGROUP / name).read_text().strip() for name in ("memory.max", "memory.current"))
    except OSError:
        return None
    return None if limit == "max" else max(0, int(limit) - int(used))


def _parameters(config: ModelConfig) -> int:
    attention = 4 * config.n_heads * config.d_model * config.d_head
    layers = config.n_layers * (attention + 2 * config.d_model * config.d_mlp)
    return layers + config.d_model * (config.d_vocab + config.d_vocab_out + config.n_ctx)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"
