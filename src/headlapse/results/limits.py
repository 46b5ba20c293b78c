"""Refuse work that cannot fit, with figures, before any of it is done: memory of the device, and space on the disk.

What is needed is estimated as a lower bound, so that nothing is refused that could have run.
"""

from __future__ import annotations

from headlapse.errors import InvalidValueError
from headlapse.models.config import ModelConfig
from headlapse.models.device_memory import memory_free
from headlapse.results.variant import Variant
from headlapse.storage.filesystem import free_bytes

COMPRESSED = 0.3  # of an artifact's bytes, at best


def check_memory(variant: Variant, work: str, needed: int, device: str) -> None:
    """Raise `InvalidValueError` with figures where `work` on `variant` takes more bytes than are free on `device`."""
    free = memory_free(device)
    if free is not None and needed > free:
        size = ", ".join(f"{name} {variant.settings[name]:,}" for name in _known_parameters(variant))
        raise InvalidValueError(
            f"{work} needs at least {_gigabytes(needed)} of memory and {device} has {_gigabytes(free)} free ({size}); "
            "choose a smaller model or fewer inputs"
        )


def check_disk(variant: Variant, what: str, needed: int, remedy: str) -> None:
    """Raise `InvalidValueError` with figures where `what` takes more bytes than are free on the disk of the results."""
    free = free_bytes(variant.results)
    if needed > free:
        raise InvalidValueError(
            f"{what} need at least {_gigabytes(needed)} and {variant.results} has {_gigabytes(free)} free; {remedy}"
        )


def pattern_bytes(config: ModelConfig, inputs: int) -> int:
    """Bytes of the attention patterns of all layers over `inputs`, as they stand in memory."""
    return 4 * config.n_layers * config.n_heads * config.n_ctx**2 * inputs


def _known_parameters(variant: Variant) -> list[str]:
    return [name for name in variant.family.spec.domain_parameters if name in variant.settings]


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"
