"""Refuse states of several runs as one series: their files or names state different seeds, tasks or settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headlapse.errors import InvalidValueError, shown
from headlapse.importing.epoch_names import ENDINGS, WORDS, numbers_in, plain_name
from headlapse.importing.facts import Fact, facts_in, holds_arrays
from headlapse.importing.found import Found, around
from headlapse.importing.moments import OF_WEIGHTS, OTHER_MOMENTS
from headlapse.importing.series import COPIES
from headlapse.importing.settings import names_of, names_operation
from headlapse.importing.words import listed, words_in

OF_RUNS = ("seed", "data_seed", "prime", "train_fraction", "weight_decay", "n_heads")  # settings that stay as they are in a run
IN_NAMES = {  # words before the number of a run, and what it is
    **dict.fromkeys(("seed", "seeds", "s", "rs", "manualseed"), "seed"),
    **dict.fromkeys(("dseed", "dataseed", "ds"), "data seed"),
    **dict.fromkeys(("p", "prime", "mod", "modulus"), "prime"),
    **dict.fromkeys(("wd", "decay"), "weight decay"),
    **dict.fromkeys(("frac", "fraction"), "fraction"),
    **{word: word for word in ("run", "exp", "trial", "fold", "width", "depth", "layers", "heads", "replica", "rep", "worker")},
}
OF_EPOCHS = (
    frozenset((*WORDS, *ENDINGS))
    | COPIES
    | OTHER_MOMENTS
    | OF_WEIGHTS
    | listed(
        "final last latest end begin current new saved save snapshot at with loss losses acc accuracy train test val valid "
        "eval epochs k m e tl vl global in pt pth"
    )
)
_IN_NAME = re.compile(r"(?<![a-z])([a-z]+)[_=:. -]?([0-9]+(?:\.[0-9]+)?)", re.ASCII)
SHOWN = 3


@dataclass(frozen=True)
class Traits:
    """What tells the run of a state: pairs of a name and a value, and the words in the name of its file."""

    title: str
    stated: dict[str, Any]
    words: frozenset[str] | None


def traits_of(state: Found, content: Any, others: Iterable[Found], beside: Sequence[Fact] = ()) -> Traits:
    """The traits of a state, from its name and from the part of `content` that it shares with no other state."""
    shared = {id(part) for other in others for part in around(content, other.weights.keys)}
    own = next((part for part in around(content, state.weights.keys) if id(part) not in shared), None)
    facts = [*([] if holds_arrays(own) else facts_in(own, state.path)), *beside]
    names = (state.path.parent.name, state.path.name, state.label)
    stated = {name: value for text in names for name, value in _in_name(text)} | dict(_in_facts(facts))
    words = frozenset(word for word in words_in(plain_name(state.label)) - OF_EPOCHS - set(IN_NAMES) if len(word) > 1)
    return Traits(state.label or state.weights.where, stated, words if numbers_in(state.label) else None)


def check_one_run(traits: Sequence[Traits], path: Path) -> None:
    """Raise `InvalidValueError` if `traits` are not those of one run. Words in names count only in a folder, `path`."""
    for name in dict.fromkeys(name for state in traits for name in state.stated):
        found = {shown(state.stated[name]): state.title for state in traits if name in state.stated}
        if len(found) > 1:
            raise _several(path, [f"{name} {value} ({title})" for value, title in found.items()])
    words = {state.words: state.title for state in traits if state.words is not None}
    if len(words) > 1 and path.is_dir():
        raise _several(path, list(words.values()))


def _several(path: Path, found: Sequence[str]) -> InvalidValueError:
    more = ", ..." if len(found) > SHOWN else ""
    remedy = "import one of them: name its files, or its place in the file with --weights"
    return InvalidValueError(f"{path}: holds states of several runs: {', '.join(found[:SHOWN])}{more}; {remedy}")


def _in_name(text: str) -> Iterator[tuple[str, str]]:
    for match in _IN_NAME.finditer(plain_name(text).lower()):
        if match[1] in IN_NAMES:
            yield IN_NAMES[match[1]], match[2].lstrip("0") or "0"


def _in_facts(facts: Iterable[Fact]) -> Iterator[tuple[str, Any]]:
    """Settings of a run and its operation, from outermost to innermost: the outermost counts."""
    found: dict[str, Any] = {}
    for fact in facts:
        is_operation = names_operation(fact) and isinstance(fact.value, str)
        if is_operation or names_of(fact) & set(OF_RUNS):
            found.setdefault(f"{fact.where and fact.where + '.'}{fact.key}", fact.value)
    yield from found.items()
