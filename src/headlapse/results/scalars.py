"""Scalars of a run, under any names and at any epochs: one journal per name (`headlapse.storage.journal`).

A record holds an epoch and a value. A later record of the same epoch replaces an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from headlapse import checks
from headlapse.errors import CorruptFileError, MissingFileError
from headlapse.results.paths import VariantPaths
from headlapse.results.remedies import REPAIR
from headlapse.results.scalar_names import JOURNAL
from headlapse.storage import journal, journal_arrays
from headlapse.storage.atomic import append_bytes, write_bytes


class Series(NamedTuple):
    """One scalar: `values[i]` at `epochs[i]`, ascending, each epoch once."""

    epochs: np.ndarray
    values: np.ndarray

    def at(self, epoch: int) -> float | None:
        """The value at exactly this epoch; None if there is none."""
        place = int(np.searchsorted(self.epochs, epoch))
        is_there = place < len(self.epochs) and self.epochs[place] == epoch
        return float(self.values[place]) if is_there else None


class Scalars(Mapping[str, Series]):
    """The scalars of the run at `paths` by name; each look-up reads a file.

    Raises `CorruptFileError` for a damaged journal, `KeyError` for an unknown name.
    """

    def __init__(self, paths: VariantPaths) -> None:
        self._paths = paths

    def __getitem__(self, name: str) -> Series:
        path = self._paths.scalar(name)
        try:
            records, is_damaged = journal_arrays.read_finished(path, JOURNAL, REPAIR)
        except MissingFileError as error:
            raise KeyError(name) from error
        if is_damaged:
            raise CorruptFileError(path, f"is damaged from record {len(records):,} on", REPAIR)
        return _series(records)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths.scalar_names())

    def __len__(self) -> int:
        return len(self._paths.scalar_names())

    def known(self, name: str, epochs: Iterable[int]) -> dict[int, float]:
        """The values of one scalar at those of `epochs` that have one; empty if there is no such scalar."""
        series = self.get(name)
        found = {} if series is None else {epoch: series.at(epoch) for epoch in epochs}
        return {epoch: value for epoch, value in found.items() if value is not None}

    def at(self, epoch: int) -> dict[str, float]:
        """Every scalar that has a value at exactly this epoch."""
        found = {name: series.at(epoch) for name, series in self.items()}
        return {name: value for name, value in found.items() if value is not None}


def append_scalars(paths: VariantPaths, epoch: int, values: Mapping[str, float]) -> None:
    """Add `values` at `epoch` to journals whose epochs ascend, flushed to disk; values from that epoch on are replaced.

    Raises `WriteFailedError`.
    """
    for name, value in values.items():
        path, kept = paths.scalar(name), len(_before(paths, name, epoch))
        record = journal_arrays.pack(JOURNAL, [epoch], [checks.number(name, value)], start=kept)
        append_bytes(path, record, at=kept * journal.RECORD_BYTES)


def write_scalar(paths: VariantPaths, name: str, values: Mapping[int, float]) -> None:
    """Write the whole journal of one scalar from its values by epoch. Raises `WriteFailedError`."""
    epochs = sorted(values)
    write_bytes(paths.scalar(name), journal_arrays.pack(JOURNAL, epochs, [values[epoch] for epoch in epochs], start=0))


def append_finished(paths: VariantPaths, name: str) -> journal.Appender:
    """A writer that appends to the finished records of a journal. Raises `WriteFailedError` or `CorruptFileError`."""
    path, count = paths.scalar(name), 0
    with suppress(MissingFileError):
        records, is_damaged = journal_arrays.read_finished(path, JOURNAL, REPAIR)
        if is_damaged:
            raise CorruptFileError(path, f"is damaged from record {len(records):,} on", REPAIR)
        count = len(records)
    return journal.Appender(path, JOURNAL, count)


def salvage_scalars(paths: VariantPaths) -> None:
    """Rewrite damaged journals with their intact records. Raises `WriteFailedError`."""
    for name in paths.scalar_names():
        path = paths.scalar(name)
        if journal_arrays.read_finished(path, JOURNAL, REPAIR).is_damaged:
            right = np.concatenate(
                [records[is_right] for records, is_right in journal_arrays.read_blocks(path, JOURNAL, REPAIR)]
            )
            write_bytes(path, journal_arrays.pack(JOURNAL, right["epoch"], right["value"], start=0))


def _before(paths: VariantPaths, name: str, epoch: int) -> np.ndarray:
    """The finished records of a journal before the first with `epoch` or a later one."""
    records = np.empty(0, dtype=journal_arrays.dtype_of(JOURNAL))
    with suppress(MissingFileError):
        records = journal_arrays.read_finished(paths.scalar(name), JOURNAL, REPAIR).records
    return records[: int(np.argmax(np.append(records["epoch"], epoch) >= epoch))]


def _series(records: np.ndarray) -> Series:
    """The last record of each epoch."""
    epochs, from_the_end = np.unique(records["epoch"][::-1], return_index=True)
    return Series(epochs, records["value"][::-1][from_the_end])
