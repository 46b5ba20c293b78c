"""Refuse work that cannot fit into the memory of the device or onto the disk, with figures, before it starts.

Needs are estimated as lower bounds, so that nothing is refused that could have run.
"""

from __future__ import annotations

from pathlib import Path

from headlapse.errors import InvalidValueError
from headlapse.models.device_memory import memory_free
from headlapse.results.run import Run
from headlapse.storage.filesystem import free_bytes

COMPRESSED = 0.3  # of an artifact's bytes, at the best compression


def check_memory(run: Run, work: str, needed: int, device: str) -> None:
    """Raise `InvalidValueError` with figures if `work` on `run` takes more bytes than are free on `device`."""
    free = memory_free(device)
    if free is not None and needed > free:
        size = ", ".join(f"{name} {value:,}" for name, value in run.settings.items() if isinstance(value, int))
        raise InvalidValueError(
            f"{work} needs at least {gigabytes(needed)} of memory and {device} has {gigabytes(free)} free ({size}); "
            "choose a smaller model or fewer inputs"
        )


def check_disk(results: Path, what: str, needed: int, remedy: str) -> None:
    """Raise `InvalidValueError` with figures if `what` takes more bytes than are free on the disk of `results`."""
    free = free_bytes(results)
    if needed > free:
        raise InvalidValueError(f"{what} need at least {gigabytes(needed)} and {results} has {gigabytes(free)} free; {remedy}")


def gigabytes(size: int) -> str:
    """A number of bytes in words."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"
