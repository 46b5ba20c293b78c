"""Revisions of a repository and the epochs in their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

from headlapse import checks
from headlapse.errors import InvalidValueError

_WHOLE = r"(?<![\d.,])(\d+)(k?)(?![.,]?\d|[a-z])"  # without the 4 of tokens4B, 1e4 and 1.5k, which are no numbers of steps
_NAMED = re.compile(rf"(?:step|checkpoint|ckpt|iter|global_step|epoch)[-_]?{_WHOLE}", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(_WHOLE, re.IGNORECASE | re.ASCII)


class Revision(NamedTuple):
    """The name of a revision, and the number of optimizer steps of its weights."""

    name: str
    epoch: int


class HasCheckpoints(Protocol):
    """A source that can list its checkpoints."""

    source: str

    def checkpoints(self) -> list[str]:
        """The names of the checkpoints; empty if only the hub knows them."""
        ...


def revisions_of(given: Sequence[str] | None, repository: HasCheckpoints) -> list[Revision]:
    """The revisions, sorted by epoch. Raises `InvalidValueError` if a name has no epoch, or if two have the same."""
    names = repository.checkpoints() if given is None else checks.some(checks.text, "revisions", given, "name")
    if not names and (Path(repository.source) / "config.json").is_file():
        raise InvalidValueError(f"{repository.source} is one checkpoint; name the folder that contains it, as hf:FOLDER")
    if not names and Path(repository.source).is_dir():
        raise InvalidValueError(
            f"{repository.source} has no folders with a config.json, as trainers write one for each checkpoint"
        )
    if not names:
        raise InvalidValueError(f"name the revisions of {repository.source}, e.g. --revisions step0,step512,step1000")
    found = sorted(map(revision_of, names), key=lambda revision: revision.epoch)
    for one, other in pairwise(found):
        if one.epoch == other.epoch:
            raise InvalidValueError(f"revisions {one.name} and {other.name} both are epoch {one.epoch:,}; name one")
    return found


def revision_of(name: str) -> Revision:
    """`step512` is epoch 512, `step1000-tokens4B` 1000, `checkpoint-20k` 20000; `main=143000` sets it explicitly."""
    plain, equals, stated = name.rpartition("=")
    if equals:
        if not plain or not stated.isascii() or not stated.isdigit():
            raise checks.wrong("a revision", "NAME or NAME=EPOCH", name)
        return Revision(plain, int(stated))
    is_alone = len(re.findall("[0-9]+", name)) == 1
    numbers = _NAMED.findall(name) or (_NUMBER.findall(name) if is_alone else [])
    if len(numbers) != 1:
        raise InvalidValueError(f"revision {checks.shown(name)} does not state its epoch; give it as {name}=EPOCH")
    ((digits, thousands),) = numbers
    return Revision(name, int(digits) * (1000 if thousands else 1))
