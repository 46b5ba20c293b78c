"""Losses and split in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headlapse.errors import IncompatibleFileError
from headlapse.importing.loss_lists import Series, joined
from headlapse.importing.loss_names import (
    AXIS,
    EPOCH_KEYS,
    HISTORY,
    PARTS,
    ROWS,
    TOKENS,
    Part,
    epoch_numbers,
    names_only,
    part_of,
    part_of_losses,
    stated_losses,
    whole,
)
from headlapse.importing.reading import StoredTensor
from headlapse.importing.reading.standins import fields, scalar, sequence
from headlapse.importing.words import listed, words_in

OF_AXES = (
    AXIS | HISTORY | PARTS["train"] | PARTS["test"] | listed("list all the of at global number numbers recorded logged logging")
)


@dataclass
class Records:
    """Known losses (`series`) and split (`rows` of the probe, or `tokens`), and the keys that stated them.

    `conflicts` has a line for losses that are not used because files contradict each other.
    """

    series: dict[Part, Series] = field(default_factory=dict)
    rows: dict[Part, list[Any]] = field(default_factory=dict)
    tokens: dict[Part, list[list[int]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    conflicts: dict[Part, str] = field(default_factory=dict)

    def update(self, other: Records) -> None:
        """Add the content of `other`: the longer of two lists of losses with the same beginning, and the newest split."""
        for part, series in other.series.items():
            if part not in self.conflicts:
                self._join(part, series)
        self.rows |= other.rows
        self.tokens |= other.tokens
        self.used |= other.used

    def _join(self, part: Part, series: Series) -> None:
        known = self.series.pop(part, None)
        both = series if known is None else joined(known, series)
        if both is None:
            self.conflicts[part] = f"not used: {known} and {series} are not parts of one list"
        else:
            self.series[part] = both


def records_in(content: Any, path: Path) -> Records:
    """All records in `content`, directly or in a part called history, losses or the like.

    Raises `IncompatibleFileError` if a value under the name of a record is not one.
    """
    records = Records()
    parts = list(_parts(content))
    for key, value, around in parts:
        if _add_losses(records, key, value, words_in(around), path) or _add_split(records, key, value, path):
            records.used |= {key, around}
    for key, value, _ in parts:
        _add_axis(records, key, value)
    return records


def _parts(content: Any) -> Iterator[tuple[str, Any, str]]:
    """Key and value of possible records, with the key around them."""
    for key, value in (fields(content) or {}).items():
        yield str(key), value, ""
        if words_in(key) & HISTORY and fields(value) is not None:
            yield from ((str(inner), item, str(key)) for inner, item in (fields(value) or {}).items())


def _add_losses(records: Records, key: str, value: Any, around: frozenset[str], path: Path) -> bool:
    part = part_of_losses(key, around)
    names = fields(value)
    if names and not any(isinstance(whole(name), int) for name in names):  # its content has its own names
        return False
    if part is not None and not scalar(value)[0]:
        try:
            records.series[part] = _series(key, value, path)
        except IncompatibleFileError:
            if part_of(words_in(key)) is not None:
                raise
            return False  # a value that is just called losses may be anything
        return True
    if part is not None and "losses" in words_in(key):
        raise _no_numbers(path, key)
    if words_in(key) & HISTORY and isinstance(value, list) and value and all(fields(item) is not None for item in value):
        found = _from_history(key, value, path)
        records.series |= found
        return bool(found)
    return False


def _add_split(records: Records, key: str, value: Any, path: Path) -> bool:
    words = words_in(key)
    part = names_only(words, ROWS)
    if part is not None:
        records.rows[part] = _numbers(value, key, path)
        return True
    part = names_only(words, TOKENS)
    tokens = _token_rows(value) if part is not None else None
    if part is not None and tokens is not None:
        records.tokens[part] = tokens
    return tokens is not None


def _add_axis(records: Records, key: str, value: Any) -> None:
    """Give losses the list of epochs beside them that has the same length."""
    words = words_in(key)
    items = sequence(value) if words & AXIS and words <= OF_AXES else None
    epochs = [whole(scalar(item)[1]) for item in items or ()]
    if epochs and all(isinstance(epoch, int) and epoch >= 0 for epoch in epochs) and sorted(set(epochs)) == epochs:
        for part, series in records.series.items():
            if series.epochs is None and len(series.values) == len(epochs) and part_of(words) in (part, None):
                series.epochs = epochs
                records.used.add(key)


def _series(key: str, value: Any, path: Path) -> Series:
    """A list of losses, a dictionary of them by epoch, or a list of pairs of epoch and loss."""
    by_epoch = fields(value)
    items = sequence(value)
    if by_epoch is not None:
        pairs = [(whole(epoch), scalar(loss)[1]) for epoch, loss in by_epoch.items()]
    elif items and all(isinstance(item, list | tuple) and len(item) == 2 and isinstance(item[0], int) for item in items):
        pairs = [(epoch, scalar(loss)[1]) for epoch, loss in items]
    else:
        return Series(key, path, _numbers(value, key, path))
    if not all(isinstance(epoch, int) and epoch >= 0 for epoch, _ in pairs):
        raise _no_numbers(path, key)
    pairs.sort(key=lambda pair: pair[0])
    return Series(key, path, _numbers([loss for _, loss in pairs], key, path), [epoch for epoch, _ in pairs])


def _from_history(key: str, entries: list[Any], path: Path) -> dict[Part, Series]:
    """Losses from a list of entries with an epoch or a step, as trainers log them."""
    series: dict[Part, Series] = {}
    for part in PARTS:
        known = [(epoch_numbers(entry), losses[part]) for entry in entries if part in (losses := stated_losses(entry))]
        for name in EPOCH_KEYS:
            epochs = [numbers[name] for numbers, _ in known if isinstance(numbers.get(name), int)]
            if epochs and len(epochs) == len(known) and sorted(set(epochs)) == epochs:
                series[part] = Series(key, path, [loss for _, loss in known], epochs)
                break
    return series


def _numbers(values: Any, name: str, path: Path) -> list[Any]:
    """Numbers, with None for missing ones."""
    items = sequence(values)
    plain = [scalar(item) for item in items] if items is not None else [(False, None)]
    if all(is_scalar and (value is None or isinstance(value, int | float)) for is_scalar, value in plain):
        return [value for _, value in plain]
    raise _no_numbers(path, name)


def _no_numbers(path: Path, name: str) -> IncompatibleFileError:
    return IncompatibleFileError(path, f"{name} must be a list of numbers", "repair or remove it")


def _token_rows(value: Any) -> list[list[int]] | None:
    """Rows of tokens, from an array with two axes or a list of lists; None for anything else."""
    if isinstance(value, StoredTensor):
        rows: list[list[int]] = value.load().tolist() if value.ndim == 2 and not value.dtype.is_floating_point else []
        return rows or None
    if not isinstance(value, list | tuple) or not all(isinstance(row, list | tuple) for row in value):
        return None
    plain = [[token for _, token in map(scalar, row) if isinstance(token, int)] for row in value]
    is_whole = all(len(found) == len(row) for found, row in zip(plain, value, strict=True))
    return plain if plain and is_whole else None
