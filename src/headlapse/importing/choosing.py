"""Choose among the dictionaries of weights in a file: the only one, a series, or the requested one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from headlapse.errors import CorruptFileError, IncompatibleFileError, InvalidValueError, UnknownNameError
from headlapse.importing.found import Found, single
from headlapse.importing.layouts import layouts
from headlapse.importing.reading.raw import REMEDY
from headlapse.importing.reading.standins import Name, StandIn, fields, kind
from headlapse.importing.series import find_series, is_copy, with_epochs
from headlapse.importing.states import Candidate, find_states, is_same, walk

ELSEWHERE = "other models: hf:FOLDER for those of transformers, headlapse.record for any (docs/recording.md)"
# places of tensors that have the names of weights
OF_OPTIMIZERS = re.compile(r"optim|opt_state|exp_avg|(^|[._])(\w*grads?|\w*gradients?|momentum|moments?|adam|mu|nu)($|[._])")


@dataclass(frozen=True)
class Choice:
    """The states to import from a file, a line for each state left out, and the keys of all weights."""

    found: list[Found]
    notes: list[str]
    keys: frozenset[str]


def choose(content: Any, path: Path, label: str, asked: str | None) -> Choice:
    """The states to import from `content`; `asked` is the key that the user requested.

    Raises `IncompatibleFileError` if there is none, `InvalidValueError` if the choice is ambiguous.
    """
    states = find_states(content, path)
    keys = frozenset(str(state.keys[0]) for state in states if state.keys)
    if not states:
        raise _none(content, path)
    every, states = states, _of_models(states, path) if asked is None else _asked(states, asked, path)
    series = find_series(states, path)
    if series is not None:
        position, members = series
        rest = [state for state in states if state not in members]
        more, notes = _beside_series(content, path, rest, members[-1])
        found = with_epochs(content, path, members, position)
        if len(found) == 1:
            found = [_only_member(found[0], single(content, path, label, members[0]))]
        left = [_left_out(path, state) for state in every if state not in states]
        return Choice(found + more, notes + left, keys)
    chosen = _preferred(states, path)
    others = [state for state in every if state is not chosen and not _is_alias(state, chosen)]
    return Choice([single(content, path, label, chosen)], [_left_out(path, state) for state in others], keys)


def _none(content: Any, path: Path) -> Exception:
    names = [".".join(map(str, keys)) for keys, _ in walk(content)][:3]
    known = f"known layouts: {'; '.join(layout.title for layout in layouts())}; {ELSEWHERE}"
    if names:
        return IncompatibleFileError(path, f"holds {', '.join(names)}, ... in no known layout", known)
    unknown = sorted({kind(item) for item in _objects(content)})[:3]
    if unknown:
        problem = f"cannot be read as weights alone: it holds {', '.join(unknown)}, which is not run, and no weights"
        return CorruptFileError(path, problem, "save the model's state dict")
    return IncompatibleFileError(path, f"holds a {kind(content)} without any weights", REMEDY)


def _objects(content: Any, depth: int = 4) -> Iterator[StandIn | Name]:
    """Stand-ins for objects of unknown classes."""
    if isinstance(content, StandIn | Name):
        yield content
    elif depth and (isinstance(content, list | tuple) or fields(content) is not None):
        for item in list(content if isinstance(content, list | tuple) else content.values())[:100]:
            yield from _objects(item, depth - 1)


def _of_models(states: Sequence[Candidate], path: Path) -> list[Candidate]:
    """The states that are no moments of an optimizer and no gradients."""
    found = [state for state in states if not OF_OPTIMIZERS.search(state.where.lower())]
    if not found:
        problem = f"holds tensors under {_places(states)}, which are hardly weights"
        raise IncompatibleFileError(path, problem, "save the model's state dict, or name them with --weights")
    return found


def _asked(states: Sequence[Candidate], asked: str, path: Path) -> list[Candidate]:
    """The state under `asked`, or all states inside it."""
    found = [state for state in states if state.where == asked] or [s for s in states if s.where.startswith(f"{asked}.")]
    if not found:
        has = (
            f"it has them under {_places(states)}"
            if any(s.where for s in states)
            else "leave out --weights: it has only one set"
        )
        raise UnknownNameError(f"{path}: holds no weights under {asked!r}; {has}")
    return found


def _preferred(states: Sequence[Candidate], path: Path) -> Candidate:
    """The only state, or the only one whose name is not that of a copy."""
    different = [state for number, state in enumerate(states) if not any(_is_alias(state, other) for other in states[:number])]
    originals = [state for state in different if not is_copy(state)]
    for chosen in (different, originals):
        if len(chosen) == 1:
            return chosen[0]
    raise InvalidValueError(f"{path}: holds weights under {_places(different)}; say which are meant with --weights")


def _beside_series(content: Any, path: Path, rest: Sequence[Candidate], last: Candidate) -> tuple[list[Found], list[str]]:
    """States beside a series: those with a stated epoch, and a line for each other that does not repeat its last state."""
    singles = [single(content, path, state.where, state) for state in rest if not is_copy(state)]
    stated = [found for found in singles if found.inside]
    unclear = [state for state in rest if all(found.weights is not state for found in stated)]
    return stated, [_left_out(path, state) for state in unclear if not is_same(state.tensors, last.tensors)]


def _only_member(found: Found, whole: Found) -> Found:
    """The only member of a series, whose epoch and losses may be stated for the whole file or in its name."""
    if found.label or found.inside:
        return found
    return replace(whole, losses=found.losses or whole.losses)


def _is_alias(one: Candidate, other: Candidate) -> bool:
    """Whether two states are the same dictionary, or the same tensors, under two keys."""
    return {n: t.place for n, t in one.tensors.items()} == {n: t.place for n, t in other.tensors.items()}


def _places(states: Sequence[Candidate]) -> str:
    return ", ".join(repr(state.where) for state in states[:8]) + (", ..." if len(states) > 8 else "")


def _left_out(path: Path, state: Candidate) -> str:
    return f"{path.name}: the weights under {state.where or 'its top level'} are left out"
