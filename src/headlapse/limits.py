"""Refuse work that cannot fit, with figures, before any of it is done: memory of the device, and space on the disk.

What is needed is estimated as a lower bound, so that nothing is refused that could have run.
"""

from __future__ import annotations

import os
from pathlib import Path

from headlapse.errors import InvalidValueError
from headlapse.models.config import ModelConfig
from headlapse.results.disk import free_bytes
from headlapse.results.variant import Variant

COMPRESSED = 0.3  # of an artifact's bytes, at best
_CGROUP = Path("/sys/fs/cgroup")


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


def memory_free(device: str) -> int | None:
    """Bytes a process may still take on `device`; None where the system does not say."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    return min((bytes_ for bytes_ in (_system_memory(), _container_memory()) if bytes_ is not None), default=None)


def _known_parameters(variant: Variant) -> list[str]:
    return [name for name in variant.family.spec.domain_parameters if name in variant.settings]


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


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"
