"""The cost of the remaining runs: time, memory per run, disk; and how many runs fit at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headlapse.errors import InvalidValueError, counted
from headlapse.results.limits import check_disk, check_memory, gigabytes
from headlapse.results.variant import Variant
from headlapse.sweep.measure import Measured
from headlapse.sweep.recipe import Recipe
from headlapse.system.free_memory import free_memory
from headlapse.training.limits import Plan, disk_needed, memory_needed, multiplications, what_is_left
from headlapse.visualization.format import duration_in_words

ROOM = 1.1  # of the memory of the trial run, which grows a little


@dataclass(frozen=True)
class Estimate:
    """`seconds` for all runs one after the other, each from its current epoch; `memory` and `disk` in bytes."""

    seconds: float
    memory: int
    disk: int

    def in_words(self, at_once: int | None) -> str:
        """E.g. "about 3 h 20 min, 4 at a time; 410 MB of memory each, 12.1 GB on disk"."""
        if at_once is None:
            return f"about {duration_in_words(self.seconds)} one after another; {self._sizes}"
        return f"about {duration_in_words(self.seconds / at_once)}, {at_once:,} at a time; {self._sizes}"

    @property
    def _sizes(self) -> str:
        return f"{gigabytes(self.memory)} of memory each, {gigabytes(self.disk)} on disk"


def largest(variants: Sequence[Variant]) -> Variant:
    """The variant whose epochs take longest."""
    return max(variants, key=multiplications)


def check_fits(variants: Sequence[Variant], recipe: Recipe) -> int:
    """Bytes that all runs still need on disk. Raises `InvalidValueError` with figures if they, or one run, cannot fit."""
    first, plan = largest(variants), recipe.plan(variants[0].family)
    check_memory(first, "a run of this sweep", memory_needed(first), recipe.device)
    needed = sum(disk_needed(variant, what_is_left(variant, plan)) for variant in variants)
    check_disk(
        first.results, counted(len(variants), "run"), needed, "keep fewer checkpoints, sweep less at once, or free some space"
    )
    return needed


def estimate(variants: Sequence[Variant], recipe: Recipe, measured: Measured, disk: int) -> Estimate:
    """The estimate from the measurement of the largest of `variants`; epochs of smaller ones take proportionally less."""
    plan, most = recipe.plan(variants[0].family), multiplications(largest(variants))
    seconds = sum(_seconds(variant, plan, measured, multiplications(variant) / most) for variant in variants)
    return Estimate(seconds, int(ROOM * measured.memory), disk)


def runs_at_once(threads: int, cpus: int, memory: int) -> int:
    """How many runs of `threads` threads and `memory` bytes each this machine takes. Raises `InvalidValueError` for none."""
    free = free_memory()
    by_memory = cpus if free is None or memory == 0 else free // memory
    if by_memory < 1:
        raise InvalidValueError(
            f"a run takes {gigabytes(memory)} of memory and {gigabytes(free or 0)} are free; close other programs, or choose a "
            "smaller model"
        )
    return max(1, min(cpus // threads, by_memory))


def _seconds(variant: Variant, plan: Plan, measured: Measured, share: float) -> float:
    left = what_is_left(variant, plan)
    return measured.start + share * (max(0, left.epochs) * measured.epoch + left.checkpoints * measured.checkpoint)
