"""The sources of one variant: states of weights with their epochs, and everything stated beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headlapse.errors import FileStateError, HeadlapseError, MissingFileError, some_of
from headlapse.importing.choosing import Choice, choose
from headlapse.importing.discovery import Unit
from headlapse.importing.entries import Entry
from headlapse.importing.epoch_names import BARE, numbers_in
from headlapse.importing.epochs import decide_epochs
from headlapse.importing.facts import Fact, facts_in, unreadable_in
from headlapse.importing.found import Found
from headlapse.importing.layouts import Layout
from headlapse.importing.loss_names import AXIS, EPOCH_KEYS, Part, epoch_numbers, stated_losses
from headlapse.importing.masks import facts_of_masks
from headlapse.importing.reading import StoredTensor
from headlapse.importing.reading.objects import read_told
from headlapse.importing.reading.standins import StandIn, fields, sequence
from headlapse.importing.records import Records, records_in
from headlapse.importing.runs import Traits, check_one_run, traits_of
from headlapse.importing.settings import is_setting
from headlapse.importing.shards import read_parts
from headlapse.importing.spacing import with_spacing
from headlapse.importing.states import Candidate
from headlapse.importing.words import words_in


@dataclass(frozen=True)
class State:
    """The weights of one epoch; the numbers are still in the file. `losses` are those that the file states for them.

    `unread` are the classes of objects among the tensors that are none here.
    """

    path: Path
    epoch: int
    tensors: Mapping[str, StoredTensor]
    layout: Layout
    place: str = ""
    losses: Mapping[Part, float] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Source:
    """States by ascending epoch, recorded losses and split, facts beside the weights, and lines about everything unused."""

    states: list[State] = field(default_factory=list)
    records: Records = field(default_factory=Records)
    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_own: bool = False  # written by this program


def read_source(unit: Unit, epochs: Sequence[int] = (), weights: str | None = None, every: int | None = None) -> Source:
    """Read the index of every file of `unit`. `epochs` are those of its states if the files do not state them.

    `weights` is the key of the dictionary to use if a file has several, `every` the number of epochs between two states of a
    list without epochs. Raises a `HeadlapseError` if anything does not fit.
    """
    if unit.problem is not None:
        raise unit.problem
    source = Source(notes=list(unit.notes))
    for path in dict.fromkeys((*unit.facts, *(path for entry in unit.entries for path in entry.beside))):
        _add_told(source, read_told(path), path)
    found, unused = _find(source, unit, weights)
    source.notes += source.records.conflicts.values()
    found, spaced = with_spacing(found, epochs, every, source.facts, source.records)
    source.notes += spaced
    decided = decide_epochs(found, () if spaced else epochs)
    source.notes += decided.notes
    if unused:
        source.notes.append(f"not used: {some_of(unused)}")
    for epoch, state in decided.states:
        own = state.weights
        source.states.append(State(state.path, epoch, own.tensors, own.layout, own.place, state.losses, own.unread))
        known = {(fact.where, fact.key, fact.value) for fact in source.facts}
        masks = facts_of_masks(state.weights.tensors, state.path)
        source.facts += [fact for fact in masks if (fact.where, fact.key, fact.value) not in known]
    source.notes += _said_of_places([found.weights for _, found in decided.states])
    return source


def _said_of_places(weights: Sequence[Candidate]) -> list[str]:
    """The position of the only state in its file, and the prefix of all names."""
    keys = {".".join(map(str, found.keys)) for found in weights} if len(weights) == 1 else set()
    prefixes = {found.prefix for found in weights}
    return [
        *(f"weights under {key!r}" for key in sorted(keys) if key),
        *(f"prefix {prefix!r} taken off all names" for prefix in sorted(prefixes) if prefix),
    ]


def _find(source: Source, unit: Unit, weights: str | None) -> tuple[list[Found], list[str]]:
    """The states in the files of `unit`, and the names of unused values beside them."""
    found: list[Found] = []
    traits: list[Traits] = []
    unused: dict[str, None] = {}
    errors: list[HeadlapseError] = []
    for entry in unit.entries:
        records = Records()
        try:
            content = read_parts(entry.files)
            records = _add_told(source, content, entry.path)
            choice = choose(content, entry.path, entry.label, weights)
        except FileStateError as error:
            if _is_numbered(entry):
                raise
            errors.append(error)
            source.notes += [] if records.used else [f"{entry.path.name} is left out: {error.problem}"]
            continue
        found += [_with_beside(state, entry) for state in choice.found]
        beside = [fact for path in entry.beside for fact in facts_in(read_told(path), path)]
        traits += [
            traits_of(state, content, [other for other in choice.found if other is not state], beside) for state in choice.found
        ]
        source.notes += choice.notes
        unused |= dict.fromkeys((*_unused(content, choice, records, entry.path), *unreadable_in(content)))
    if not found:
        raise errors[0] if errors else MissingFileError(unit.path, "holds no weights", "name the folder or the files to import")
    check_one_run(traits, unit.path)
    return found, list(unused)


def _is_numbered(entry: Entry) -> bool:
    return any(number.rank <= BARE for number in numbers_in(entry.label))


def _with_beside(state: Found, entry: Entry) -> Found:
    """`state` with the facts in files that belong only to it."""
    if not entry.beside:
        return state
    told = [read_told(path) for path in entry.beside]
    inside = {key: value for content in told for key, value in epoch_numbers(content).items()}
    losses = {part: loss for content in told for part, loss in stated_losses(content).items()}
    return Found(state.path, state.label, state.weights, {**inside, **state.inside}, {**losses, **state.losses})


def _add_told(source: Source, content: Any, path: Path) -> Records:
    records = records_in(content, path)
    source.records.update(records)
    known = {(fact.where, fact.key, fact.value, fact.path.name) for fact in source.facts}
    source.facts += [fact for fact in facts_in(content, path) if (fact.where, fact.key, fact.value, path.name) not in known]
    found = fields(content) or {}
    source.is_own = source.is_own or "headlapse" in found or "headlapse" in (fields(found.get("versions")) or {})
    return records


def _unused(content: Any, choice: Choice, records: Records, path: Path) -> list[str]:
    """Keys of a file that were not used."""
    used = records.used | set(EPOCH_KEYS) | choice.keys
    names = tuple(name for state in choice.found if not state.weights.keys for name in state.weights.tensors)
    return [
        str(key)
        for key, value in (fields(content) or {}).items()
        if str(key) not in used
        and not isinstance(key, float)  # an epoch
        and not str(key).endswith(names)
        and not words_in(key) & AXIS
        and not (isinstance(value, StandIn | Mapping | list | tuple) and not (fields(value) or sequence(value)))
        and not any(_may_be_used(fact) for fact in facts_in({key: value}, path))
    ]


def _may_be_used(fact: Fact) -> bool:
    """Whether a value may be used: a single value may be a setting or a fact, a list only under the name of a setting."""
    return not isinstance(fact.value, tuple) or is_setting(fact)
