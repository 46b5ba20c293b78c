"""Weights in a file, with everything that the file states about their epoch and losses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from headlapse.importing.loss_names import Part, epoch_numbers, stated_losses
from headlapse.importing.moments import is_of_another_moment, label_of, stated_for
from headlapse.importing.reading.standins import fields
from headlapse.importing.states import Candidate, Keys

ITEM = re.compile(r"\[([0-9]+)\]")  # a key that is an index of a list
_ELSEWHERE = re.compile("trainer|progress|meta|info|extra|train_state|training_state|metric|stat|loss|result")
T = TypeVar("T", bound=Mapping[Any, Any])


@dataclass(frozen=True)
class Found:
    """Weights in a file whose epoch is not decided yet.

    `label` is the name that may give it, `inside` the numbers beside the weights that may; `losses` are those beside them.
    """

    path: Path
    label: str
    weights: Candidate
    inside: Mapping[str, Any] = field(default_factory=dict)
    losses: Mapping[Part, float] = field(default_factory=dict)


def single(content: Any, path: Path, label: str, state: Candidate) -> Found:
    """A state with the facts around it, the nearest first, or in the parts of the file where trainers store them.

    If its name says that it is of another moment, only what is stated for it counts.
    """
    inner = list(around(content, state.keys))
    parts = [*_elsewhere(content), *inner]
    stated = stated_for(state.where, reversed(parts))
    if is_of_another_moment(state.where):
        within = inner[1:]
        return Found(
            path, label_of(state.where), state, nearest(within, epoch_numbers) or stated, nearest(within, stated_losses)
        )
    if stated:
        return Found(path, label, state, stated, nearest(inner[1:], stated_losses))
    return Found(path, label, state, nearest(parts, epoch_numbers), nearest(parts, stated_losses))


def nearest(parts: list[Any], read: Callable[[Any], T]) -> T:
    """The result of `read` for the last of `parts` in which it finds anything."""
    return next((found for part in reversed(parts) if (found := read(part))), read({}))


def around(content: Any, keys: Keys) -> Iterator[Any]:
    """The dictionaries and lists along the path `keys`, outermost first."""
    part = content
    yield part
    for key in keys:
        item = ITEM.fullmatch(str(key))
        part = part[int(item[1])] if item and isinstance(part, list | tuple) else (fields(part) or {}).get(key)
        if part is None:
            return
        yield part


def _elsewhere(content: Any) -> list[Any]:
    named = [part for key, part in (fields(content) or {}).items() if _ELSEWHERE.search(str(key).lower())]
    return [part for part in named if fields(part)]
