"""States of one run in a single file, under numbers or in a list, and their epochs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headlapse.errors import InvalidValueError
from headlapse.importing.epoch_lists import epochs_beside
from headlapse.importing.epoch_names import BARE, numbers_in
from headlapse.importing.found import ITEM, Found, around, nearest
from headlapse.importing.loss_names import epoch_numbers, stated_losses, whole
from headlapse.importing.reading.standins import scalar
from headlapse.importing.states import Candidate
from headlapse.importing.words import listed, words_in

COPIES = listed(
    "ema shadow swa best teacher target init initial averaged avg average old prev previous backup copy reference ref"
)


def find_series(states: Sequence[Candidate], path: Path) -> tuple[int, list[Candidate]] | None:
    """The position of the key that is a number and distinguishes most states, and those states; None if no key is a number.

    Raises `InvalidValueError` if several series are equally long and none of them is of copies.
    """
    groups: dict[tuple[Any, ...], list[Candidate]] = {}
    for state in states:
        for position, key in enumerate(state.keys):
            if _is_number(key):
                pattern = (position, *state.keys[:position], *state.keys[position + 1 :])
                groups.setdefault(pattern, []).append(state)
    best = max(groups.items(), key=lambda group: (len(group[1]), -group[0][0]), default=None)
    if best is None:
        return None
    position, members = best[0][0], best[1]
    equal = [other for pattern, other in groups.items() if pattern[0] == position and len(other) == len(members) > 1]
    originals = [other for other in equal if not is_copy(other[0])]
    if len(originals) > 1:
        places = ", ".join(repr(".".join(map(str, other[0].keys[:position])) or other[0].where) for other in originals[:4])
        raise InvalidValueError(f"{path}: holds series of weights under {places}; say which is meant with --weights")
    return position, (originals or [members])[0]


def is_copy(state: Candidate) -> bool:
    """Whether the place of a state is that of a copy, such as `ema`."""
    return not COPIES.isdisjoint(words_in(state.where))


def with_epochs(content: Any, path: Path, members: Sequence[Candidate], position: int) -> list[Found]:
    """The members of a series with the sources of their epochs: values beside each, a list of the same length, or their keys.

    Raises `IncompatibleFileError` if their list of epochs has another length.
    """
    holder = list(around(content, members[0].keys))[position - 1] if position else None
    beside = epochs_beside(holder, str(members[0].keys[position - 1]), len(members), path) if position else None
    found = []
    for number, state in enumerate(members):
        own = list(around(content, state.keys))[position + 1 :]
        inside = nearest(own, _numbers_of)
        if not inside and beside is not None:
            inside = beside[number]
        found.append(Found(path, _label(state.keys[position]), state, inside, nearest(own, stated_losses)))
    return found


def _is_number(key: Any) -> bool:
    """Whether a key may be that of one epoch: a number, an index of a list, or a name such as epoch_100."""
    if isinstance(key, int):
        return not isinstance(key, bool)
    text = str(key)
    return bool(ITEM.fullmatch(text) or text.isdigit() or any(number.rank < BARE for number in numbers_in(text)))


def _label(key: Any) -> str:
    """The name in a key that may give an epoch; empty for an index of a list."""
    text = str(key)
    return "" if ITEM.fullmatch(text) else f"epoch_{text}" if text.isdigit() else text


def _numbers_of(part: Any) -> dict[str, Any]:
    """The epoch in a part of a file: under a key, or as the number in a pair."""
    if isinstance(part, list | tuple) and len(part) == 2:
        numbers = [whole(number) for is_scalar, number in map(scalar, part) if is_scalar]
        return {"epoch": numbers[0]} if numbers and isinstance(numbers[0], int) else {}
    return epoch_numbers(part)
