"""Which runs train at once: those with equal architecture, epoch and options, as many as fit into memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headlapse.models.device_memory import memory_free
from headlapse.models.one_layer import OneLayerForward
from headlapse.training.arithmetic import Arithmetic
from headlapse.training.limits import memory_needed
from headlapse.training.session import Session

ROOM = 4  # a run's maximum memory, as a multiple of its lower bound


@dataclass(frozen=True)
class Opened:
    """A run that is locked and loaded, how it computes, and remarks about this for the user."""

    session: Session
    arithmetic: Arithmetic
    remarks: list[str]


def groups(opened: Sequence[Opened]) -> Iterator[Sequence[Opened]]:
    """The groups of runs that train at once, ordered by their first run."""
    keys = [_key(each) for each in opened]
    for key in dict.fromkeys(keys):
        alike = [each for each, found in zip(opened, keys, strict=True) if found == key]
        most = _most(alike[0])
        yield from (alike[start : start + most] for start in range(0, len(alike), most))


def _key(opened: Opened) -> object:
    """A key that is equal for runs that can train at once."""
    run = opened.session.run
    if not isinstance(run.forward, OneLayerForward):
        return id(run)
    sizes = (len(run.train.labels), len(run.test.labels))
    return (run.forward.config, sizes, run.epoch, opened.session.epochs, opened.arithmetic)


def _most(opened: Opened) -> int:
    """The number of such runs that fit into memory, at least one."""
    run = opened.session.run
    free = memory_free(run.train.labels.device.type)
    return sys.maxsize if free is None else max(1, free // (ROOM * memory_needed(run.variant)))
