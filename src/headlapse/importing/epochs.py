"""Decide the epoch of each state: a number in its file, else one in its name, in the same way for one file and for many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from headlapse.errors import InvalidValueError, shown
from headlapse.importing.epoch_names import BARE, AmbiguousError, epoch_in, epochs_in, numbers_in
from headlapse.importing.found import Found
from headlapse.importing.loss_names import EPOCH_KEYS
from headlapse.importing.states import is_same
from headlapse.importing.words import listed, words_in

LAST = 1_000_000_000
INITIAL = listed("init initial initialization initialisation untrained")


@dataclass
class Decided:
    """States with their epochs, ascending, and lines about assumptions, contradictions and omitted states."""

    states: list[tuple[int, Found]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def decide_epochs(found: Sequence[Found], given: Sequence[int]) -> Decided:
    """The epochs of the states of one variant; those `given` are in the order of the states.

    Raises `InvalidValueError` if an epoch is unknown, is not a whole number, or belongs to two states.
    """
    decided = Decided()
    if given:
        epochs: list[int | None] = _given(found, given)
    else:
        epochs = _stated(found, decided)
        _check_unknown(found, epochs, decided)
    known = [(state, _whole(state, epoch)) for state, epoch in zip(found, epochs, strict=True) if epoch is not None]
    for state, epoch in sorted(known, key=lambda pair: not numbers_in(pair[0].label)):
        _add(decided, state, epoch)
    decided.states.sort(key=lambda pair: pair[0])
    return decided


def _given(found: Sequence[Found], given: Sequence[int]) -> list[int | None]:
    if len(found) == len(given):
        return list(given)
    if len(given) == 1:
        raise InvalidValueError(f"an epoch can be given for one state, but {len(found)} were found; leave it out")
    raise InvalidValueError(f"{len(given)} epochs were given for {len(found)} states; give one for each, in their order")


def _stated(found: Sequence[Found], decided: Decided) -> list[Any]:
    """The epoch in each file, or else in its name; None if neither has one. Contradictions are noted."""
    inside = _inside(found, decided)
    _say_others(found, inside, decided)
    named, reason = _named(found)
    wrong = [
        (state, epoch, other)
        for state, epoch, other in zip(found, inside, named, strict=True)
        if None not in (epoch, other) and epoch not in {number.value for number in numbers_in(state.label)}
    ]
    if wrong:
        state, epoch, other = wrong[0]
        more = f" (and so do {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        where = f"the name {state.label} says {other:,}" if isinstance(other, int) else state.label
        decided.notes.append(f"{state.path.name} says epoch {shown(epoch)} inside, {where}{more}; the number inside is used")
    epochs = [epoch if epoch is not None else other for epoch, other in zip(inside, named, strict=True)]
    for state, epoch, other in zip(found, inside, named, strict=True):
        if epoch is None and other is None and reason is not None and numbers_in(state.label):
            raise _ask(state, f"its name may mean {reason}") from reason
    _say_guessed(found, inside, named, decided)
    return epochs


def _say_others(found: Sequence[Found], inside: Sequence[Any], decided: Decided) -> None:
    """Note other numbers: a file may state both an epoch and a step."""
    for state, epoch in zip(found, inside, strict=True):
        others = [f"{key} {shown(value)}" for key, value in state.inside.items() if value is not epoch and value != epoch]
        if epoch is not None and others:
            decided.notes.append(f"epoch {shown(epoch)} is used, not {', '.join(others)}")
            return


def _say_guessed(found: Sequence[Found], inside: Sequence[Any], named: Sequence[Any], decided: Decided) -> None:
    """Note numbers that are taken for epochs although no word marks them as epochs."""
    for state, epoch, other in zip(found, inside, named, strict=True):
        numbers = numbers_in(state.label)
        ranks = [number.rank for number in numbers if number.value == other]
        others = [str(number) for number in numbers if number.rank < BARE and number.value != other]
        if epoch is None and ranks and (min(ranks) >= BARE or others):
            word = f"{other:,}, not {', '.join(others)}," if others else "the number"
            decided.notes.append(f"{word} in the name {state.label} is taken for the epoch")
            return


def _inside(found: Sequence[Found], decided: Decided) -> list[Any]:
    """The number in each file, under the first key under which all differ; equal numbers in all files do not count.

    A key whose numbers agree with the names takes precedence: trainers write epochs beside the steps that they count.
    """
    telling = [state for state in found if state.inside]
    for key in sorted(EPOCH_KEYS, key=lambda key: not all(_agrees(state, key) for state in telling)):
        values = [state.inside.get(key) for state in telling]
        if values and all(type(value) is int for value in values) and len(set(values)) == len(values):
            return [state.inside.get(key) for state in found]
    first = [_first(state.inside) for state in found]
    stated = [value for value in first if value is not None]
    if len(stated) > 1 and len(set(map(str, stated))) == 1:
        decided.notes.append(
            f"every file says epoch {shown(stated[0])}, so this is not the epoch of each; their names are used"
        )
        return [None] * len(found)
    return first


def _agrees(state: Found, key: str) -> bool:
    return state.inside.get(key) in {number.value for number in numbers_in(state.label)}


def _first(inside: Mapping[str, Any]) -> Any:
    """The first whole number, or else the first value."""
    return next((value for value in inside.values() if type(value) is int), next(iter(inside.values()), None))


def _named(found: Sequence[Found]) -> tuple[list[int | None], AmbiguousError | None]:
    """The numbers in the names of states; if some are unclear, the clear ones and the reason."""
    labels = [state.label for state in found]
    try:
        return epochs_in(labels), None
    except AmbiguousError as error:
        return [_clear(label) for label in labels], error


def _clear(label: str) -> int | None:
    try:
        return epoch_in(label)
    except AmbiguousError:
        return None


def _check_unknown(found: Sequence[Found], epochs: list[Any], decided: Decided) -> None:
    """Give an initial state epoch 0, and leave out states without an epoch; if none has one, ask for it."""
    for number, state in enumerate(found):
        if epochs[number] is None and words_in(state.label) & INITIAL:
            decided.notes += [] if 0 in epochs else [f"{state.label} is taken for epoch 0"]
            epochs[number] = 0
    unknown = [state for state, epoch in zip(found, epochs, strict=True) if epoch is None]
    bare = [state for state in unknown if not state.label]
    if len(bare) > 1:
        other = ", or their distance with --epochs-every, or other weights with --weights"
        raise _ask(bare[0], "nothing says which epochs its list of states is of", other)
    if unknown and len(unknown) == len(found):
        raise _ask(unknown[0], f"neither its name nor its content says which epoch it is{_numbers(unknown[0].label)}")
    known = [(state, epoch) for state, epoch in zip(found, epochs, strict=True) if epoch is not None]
    for state in unknown:
        same = next((epoch for other, epoch in known if is_same(state.weights.tensors, other.weights.tensors)), None)
        decided.notes.append(_left_out(state, same))


def _left_out(state: Found, same: Any) -> str:
    """A line about a state without an epoch; `same` is the epoch of equal weights."""
    if isinstance(same, int):
        return f"{_title(state)} holds the weights of epoch {same:,} once more; left out"
    return f"{_title(state)} is left out: nothing says which epoch it is"


def _numbers(label: str) -> str:
    """The numbers in a name without an epoch, in brackets."""
    found = re.findall(r"([A-Za-z]*)[_=-]?([0-9]+(?:\.[0-9]+)?)", label)
    return f" (in its name are {', '.join(f'{word} {number}'.strip() for word, number in found)})" if found else ""


def _ask(state: Found, reason: str, other: str = "") -> InvalidValueError:
    return InvalidValueError(f"{_title(state)}: {reason}; give --epoch, once for each state{other}")


def _whole(state: Found, epoch: Any) -> int:
    if isinstance(epoch, bool) or not isinstance(epoch, int) or not 0 <= epoch <= LAST:
        raise InvalidValueError(f"{_title(state)}: an epoch must be a whole number from 0 on, to {LAST:,}, got {shown(epoch)}")
    return epoch


def _add(decided: Decided, state: Found, epoch: int) -> None:
    """Add a state, unless its epoch already exists with the same weights, or its name is only an alias such as `final`."""
    other = next((there for known, there in decided.states if known == epoch), None)
    if other is None:
        decided.states.append((epoch, state))
    elif is_same(state.weights.tensors, other.weights.tensors):
        decided.notes.append(_left_out(state, epoch))
    elif state.label and not numbers_in(state.label):
        decided.notes.append(f"{_title(state)} is left out: epoch {epoch:,} is that of {_title(other)}, with other weights")
    else:
        titles = f"{_title(other)} and {_title(state)}"
        raise InvalidValueError(f"two states are of epoch {epoch:,}: {titles}; import one of them")


def _title(state: Found) -> str:
    where = state.weights.where
    return f"{state.path}" if not state.label or state.label == state.path.name else f"{state.path} ({state.label or where})"
