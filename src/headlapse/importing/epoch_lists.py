"""Lists of epochs beside a series of states, recognised by all words of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headlapse.errors import IncompatibleFileError, InvalidValueError
from headlapse.importing.loss_names import SAVING, whole
from headlapse.importing.reading.raw import REMEDY
from headlapse.importing.reading.standins import fields, scalar, sequence
from headlapse.importing.words import listed, words_in

AXES = {  # the key that means the same for one state, and its words; best first
    "epoch": listed("epoch epochs"),
    "step": listed("step steps"),
    "iteration": listed("iter iters iteration iterations"),
    "it": listed("at"),
}
OF_SAVING = SAVING | listed("ckpts saves saving snapshot snapshots state states model models dict dicts weights")
BESIDE = listed("list all the of at global number numbers idx index indices train training recorded time times")


def epochs_beside(holder: Any, key: str, count: int, path: Path) -> list[dict[str, Any]] | None:
    """For each of `count` states under `key` the numbers in the lists of epochs beside it; None if there are no such lists.

    Raises `IncompatibleFileError` if the list named after `key` has another length, `InvalidValueError` if lists contradict.
    """
    lists = {
        str(name): [whole(scalar(item)[1]) for item in items]
        for name, value in (fields(holder) or {}).items()
        if str(name) != key and _axis(str(name), key) and (items := sequence(value)) is not None
    }
    for name, items in lists.items():
        if name.startswith(key.rstrip("s")) and len(items) != count:
            raise IncompatibleFileError(path, f"must hold as many {name} as {key}, both as lists", REMEDY)
    fitting = {name: items for name, items in lists.items() if len(items) == count}
    found = {axis: _of_axis(axis, fitting, key, path) for axis in AXES}
    known = {axis: items for axis, items in found.items() if items is not None}
    return [{axis: items[number] for axis, items in known.items()} for number in range(count)] if known else None


def _of_axis(axis: str, lists: Mapping[str, Sequence[Any]], key: str, path: Path) -> Sequence[Any] | None:
    """The list of an axis: one that is named after the series or its saving, or else one of epochs alone."""
    names = [name for name in lists if _axis(name, key) == axis]
    best = [name for name in names if words_in(name) & (OF_SAVING | _words(key))] or names
    if any(lists[name] != lists[best[0]] for name in best):
        raise InvalidValueError(f"{path}: {' and '.join(best)} differ; give --epoch, once for each state under {key!r}")
    return lists[best[0]] if best else None


def _axis(name: str, key: str) -> str | None:
    """The axis that all words of `name` are about; None if it has a word of something else, as `eval_steps` has."""
    words = words_in(name) - OF_SAVING - _words(key)
    axis = next((axis for axis, names in AXES.items() if words & names), None)
    is_meant = axis is not None and words <= AXES[axis] | BESIDE and (axis != "it" or bool(words_in(name) & SAVING))
    return axis if is_meant else None


def _words(key: str) -> frozenset[str]:
    return frozenset(form for word in words_in(key) for form in (word, word.rstrip("s")))
