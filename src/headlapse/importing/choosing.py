"""Which of the dictionaries of weights in a file are meant: the only one, a series of them, or the one that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, IncompatibleFileError, InvalidValueError, UnknownNameError
from headlapse.importing.epoch_names import BARE, numbers_in
from headlapse.importing.layouts import layouts
from headlapse.importing.loss_names import Part, epoch_numbers, stated_losses, whole
from headlapse.importing.reading.raw import REMEDY
from headlapse.importing.reading.standins import Name, StandIn, fields, kind, scalar, sequence
from headlapse.importing.states import Candidate, find_states, is_same, walk
from headlapse.importing.words import listed, words_in

COPIES = listed(
    "ema shadow swa best teacher target init initial averaged avg average old prev previous backup copy reference ref"
)
_ITEM = re.compile(r"\[([0-9]+)\]")


@dataclass(frozen=True)
class Found:
    """Weights in a file whose epoch is still to be decided.

    `label` is the name that may state it; `inside` the numbers beside the weights that do; `losses` what stands there, too.
    """

    path: Path
    label: str
    weights: Candidate
    inside: Mapping[str, Any] = field(default_factory=dict)
    losses: Mapping[Part, float] = field(default_factory=dict)


def choose(content: Any, path: Path, label: str, asked: str | None) -> tuple[list[Found], list[str]]:
    """The states to import from `content`, and a line for each that is left out. `asked` is the key of the one that is meant.

    Raises `IncompatibleFileError` where there is none, `InvalidValueError` where several may be meant.
    """
    states = find_states(content, path)
    if not states:
        raise _none(content, path)
    if asked is not None:
        return [_single(content, path, label, _asked(states, asked, path))], []
    series = _series(states)
    if series is not None:
        position, members = series
        found = _with_epochs(content, path, members, position)
        more, notes = _beside_series(content, path, [state for state in states if state not in members], members[-1])
        return found + more, notes
    chosen = _preferred(states, path)
    return [_single(content, path, label, chosen)], [_left_out(path, state) for state in _others(states, chosen)]


def _none(content: Any, path: Path) -> Exception:
    names = [".".join(map(str, keys)) for keys, _ in walk(content)][:3]
    known = f"known layouts: {'; '.join(layout.title for layout in layouts())}"
    if names:
        return IncompatibleFileError(path, f"holds {', '.join(names)}, ... in no known layout", known)
    unknown = sorted({kind(item) for item in _objects(content)})[:3]
    if unknown:
        problem = f"cannot be read as weights alone: it holds {', '.join(unknown)}, which is not run, and no weights"
        return CorruptFileError(path, problem, "save the model's state dict")
    return IncompatibleFileError(path, f"holds a {kind(content)} without any weights", REMEDY)


def _objects(content: Any, depth: int = 4) -> Iterator[StandIn | Name]:
    """Objects that only stand for those of somebody's class."""
    if isinstance(content, StandIn | Name):
        yield content
    elif depth and (isinstance(content, list | tuple) or fields(content) is not None):
        for item in list(content if isinstance(content, list | tuple) else content.values())[:100]:
            yield from _objects(item, depth - 1)


def _asked(states: Sequence[Candidate], asked: str, path: Path) -> Candidate:
    for state in states:
        if state.where == asked or state.where.startswith(f"{asked}."):
            return state
    raise UnknownNameError(f"{path}: holds no weights under {asked!r}; it has them under {_places(states)}")


def _preferred(states: Sequence[Candidate], path: Path) -> Candidate:
    """The only state, or the only one that does not call itself a copy."""
    different = [state for number, state in enumerate(states) if not any(_is_same(state, other) for other in states[:number])]
    originals = [state for state in different if not _is_copy(state)]
    for chosen in (different, originals):
        if len(chosen) == 1:
            return chosen[0]
    raise InvalidValueError(f"{path}: holds weights under {_places(different)}; say which are meant with --weights")


def _others(states: Sequence[Candidate], chosen: Candidate) -> list[Candidate]:
    return [state for state in states if state is not chosen and not _is_same(state, chosen)]


def _is_copy(state: Candidate) -> bool:
    return not COPIES.isdisjoint(words_in(state.where))


def _is_same(one: Candidate, other: Candidate) -> bool:
    return {n: t.place for n, t in one.tensors.items()} == {n: t.place for n, t in other.tensors.items()}


def _places(states: Sequence[Candidate]) -> str:
    return ", ".join(repr(state.where) for state in states[:8]) + (", ..." if len(states) > 8 else "")


def _left_out(path: Path, state: Candidate) -> str:
    return f"{path.name}: the weights under {state.where or 'its top level'} are left out"


def _single(content: Any, path: Path, label: str, state: Candidate) -> Found:
    around = list(_around(content, state))
    around = [*_said_elsewhere(content), *around]
    inside = next((numbers for part in reversed(around) if (numbers := epoch_numbers(part))), {})
    losses = next((found for part in reversed(around) if (found := stated_losses(part))), {})
    return Found(path, label, state, inside, losses)


def _said_elsewhere(content: Any) -> list[Any]:
    """Parts of a file in which trainers keep how far they are."""
    words = re.compile("trainer|progress|meta|info|extra|train_state|training_state")
    return [part for key, part in (fields(content) or {}).items() if words.search(str(key).lower()) and fields(part)]


def _series(states: Sequence[Candidate]) -> tuple[int, list[Candidate]] | None:
    """States that stand side by side under numbers, and at which of their keys the numbers are; None where none do."""
    groups: dict[tuple[Any, ...], list[Candidate]] = {}
    for state in states:
        for position, key in enumerate(state.keys):
            if _is_number(key):
                pattern = (position, *state.keys[:position], *state.keys[position + 1 :])
                groups.setdefault(pattern, []).append(state)
    best = max(groups.items(), key=lambda group: (len(group[1]), -group[0][0]), default=None)
    return None if best is None else (best[0][0], best[1])


def _beside_series(
    content: Any, path: Path, rest: Sequence[Candidate], last: Candidate
) -> tuple[list[Found], list[str]]:
    """States beside a series: those whose epoch the file states, and a line for each other that is not its last one again."""
    singles = [_single(content, path, state.where, state) for state in rest if not _is_copy(state)]
    stated = [found for found in singles if found.inside]
    unclear = [state for state in rest if all(found.weights is not state for found in stated)]
    return stated, [_left_out(path, state) for state in unclear if not is_same(state.tensors, last.tensors)]


def _is_number(key: Any) -> bool:
    """Whether a key may be that of one epoch: a number, a place in a list, or a name such as epoch_100."""
    if isinstance(key, int):
        return not isinstance(key, bool)
    text = str(key)
    return bool(_ITEM.fullmatch(text) or text.isdigit() or any(number.rank < BARE for number in numbers_in(text)))


def _with_epochs(content: Any, path: Path, members: Sequence[Candidate], position: int) -> list[Found]:
    """The members of a series with what says their epochs: what is beside each, a list of the same length, or their keys."""
    beside = _list_beside(content, path, members, position)
    found = []
    for number, state in enumerate(members):
        key = state.keys[position]
        around = list(_around(content, state))[position + 1 :]
        inside = next((numbers for part in reversed(around) if (numbers := _numbers_of(part))), {})
        if not inside and beside is not None:
            inside = {"epoch": whole(beside[number])}
        losses = next((losses for part in reversed(around) if (losses := stated_losses(part))), {})
        label = "" if _ITEM.fullmatch(str(key)) else f"epoch_{key}" if str(key).isdigit() else str(key)
        found.append(Found(path, label, state, inside, losses))
    return found


def _numbers_of(part: Any) -> dict[str, Any]:
    """The epoch that a part of a file states: under a key, or as the number in a pair."""
    if isinstance(part, list | tuple) and len(part) == 2:
        numbers = [number for is_scalar, number in map(scalar, part) if is_scalar and isinstance(number, int)]
        return {"epoch": numbers[0]} if numbers else {}
    return epoch_numbers(part)


def _list_beside(content: Any, path: Path, members: Sequence[Candidate], position: int) -> list[Any] | None:
    """The list of epochs beside the series. Raises `IncompatibleFileError` where it is not as long."""
    around = list(_around(content, members[0]))[:position]
    holder, key = (around[-1], members[0].keys[position - 1]) if position else (None, "")
    lists = {
        str(name): [scalar(item)[1] for item in items]
        for name, value in (fields(holder) or {}).items()
        if re.search("epoch|step|iter", str(name).lower()) and name != key and (items := sequence(value)) is not None
    }
    for name, items in sorted(lists.items(), key=lambda item: not item[0].startswith(str(key).rstrip("s"))):
        if len(items) == len(members):
            return items
        if name.startswith(str(key).rstrip("s")):
            raise IncompatibleFileError(path, f"must hold as many {name} as {key}, both as lists", REMEDY)
    return None


def _around(content: Any, state: Candidate) -> Iterator[Any]:
    """The dictionaries and lists that the weights are in, outermost first."""
    part = content
    yield part
    for key in state.keys:
        item = _ITEM.fullmatch(str(key))
        part = part[int(item[1])] if item and isinstance(part, list | tuple) else (fields(part) or {}).get(key)
        if part is None:
            return
        yield part
