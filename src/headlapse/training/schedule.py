"""Which epochs keep a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence

from headlapse.errors import InvalidValueError


def checkpoint_schedule(epochs: int, every: int, chosen: Sequence[int] | None = None) -> list[int]:
    """Checkpoint epochs of a run of `epochs`, ascending: `chosen` ones, or every `every` with the first and the last."""
    if chosen is None:
        return sorted({*range(0, epochs + 1, every), epochs})
    outside = [epoch for epoch in chosen if isinstance(epoch, bool) or int(epoch) != epoch or not 0 <= epoch <= epochs]
    if outside:
        raise InvalidValueError(f"checkpoint epochs must be whole numbers from 0 to {epochs}, got {outside[0]!r}")
    return sorted({int(epoch) for epoch in chosen})
