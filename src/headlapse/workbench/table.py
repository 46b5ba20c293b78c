"""A table of runs: the settings and outcome of each."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headlapse import checks
from headlapse.errors import FileStateError, HeadlapseError
from headlapse.results.discovery import discover
from headlapse.results.grokking import grokked_at
from headlapse.results.loader import Arrays
from headlapse.results.notes import Notes, read_notes
from headlapse.visualization.lock_in_table import lock_in_rows
from headlapse.workbench.families import FamilyRegistry

if TYPE_CHECKING:
    from headlapse.results.run import Run

Row = dict[str, Any]
Parts = tuple[Row, ...]
LOCK_IN, FREQUENCIES = "attention_lock_in", "head_frequency_history"
PARTS = 5  # of a row, see `parts_of`
DATA_FRAMES = ("pandas", "polars")  # the first installed one is used


def rows(runs: Iterable[Run], to_position: int = -1) -> list[Row]:
    """One row per run, all with the same columns.

    `family`, `run`, `state`; `label`, `tags` and `hidden`, if any run has them; one column per setting; the current
    `epoch`, `train_loss` and `test_loss` (nats);
    `grokking_epoch`; `lock_in_HEAD`, the epoch at which each head's attention from `to_position` locks in; `frequency_HEAD`,
    the dominant frequency of each head at the last checkpoint. None means unknown, or that it does not happen. Compare
    lock-in among runs of equal `epoch` only: the distance is to the last checkpoint.
    """
    return with_equal_columns([parts_of(run, to_position) for run in runs])


def with_equal_columns(found: Sequence[Parts]) -> list[Row]:
    """Rows from their parts; each has the columns of all rows, with None for missing values."""
    columns = dict.fromkeys(name for part in range(PARTS) for row in found for name in row[part])
    return [{name: next((part[name] for part in row if name in part), None) for name in columns} for row in found]


def table(results: str | Path = "results", *folders: str | Path, to_position: int = -1) -> Any:
    """The runs in `results` as a DataFrame of pandas, or of polars if only that is installed; see `rows`.

    `folders` contain further families. Raises `HeadlapseError` if neither is installed.
    """
    frames = data_frames()
    listing = discover(checks.path("results", results), FamilyRegistry(*folders).get)
    return frames.DataFrame(rows(listing.variants, to_position))


def data_frames() -> Any:
    """The module pandas, or polars. Raises `HeadlapseError` if neither is installed."""
    for name in DATA_FRAMES:
        if find_spec(name) is not None:
            return importlib.import_module(name)
    raise HeadlapseError("a DataFrame needs pandas or polars; install one, e.g. with: pip install pandas")


def parts_of(run: Run, to_position: int = -1) -> Parts:
    """The parts of a run's row, in the order of columns: names, settings, state, lock-in and frequencies of heads."""
    state = run.run_state
    losses = {name: state.status.get(name) for name in ("train_loss", "test_loss")}
    named = {"family": run.family_name, "run": run.name, "state": state.state, **_noted(run)}
    grokking = None
    with suppress(FileStateError):
        grokking = grokked_at(run)
    ended = {"epoch": state.status.get("epoch"), **losses, "grokking_epoch": grokking}
    newest = max(state.epochs, default=0)
    return named, dict(run.settings), ended, _lock_in(run, to_position, newest), _frequencies(run, newest)


def _noted(run: Run) -> Row:
    """The notes on the run; empty if they cannot be read."""
    notes = Notes()
    with suppress(FileStateError):
        notes = read_notes(run.paths)
    found = {"label": notes.label, "tags": ", ".join(notes.tags), "hidden": "yes" if notes.is_hidden else ""}
    return {name: value for name, value in found.items() if value}


def _lock_in(run: Run, to_position: int, newest: int) -> Row:
    """When each head locks in; empty if that was not analysed up to the newest epoch."""
    arrays = _up_to(run, LOCK_IN, newest)
    if arrays is None:
        return {}
    (found,) = lock_in_rows([(run.name, arrays)], to_position)
    return _by_head(run, "lock_in", found.heads)


def _frequencies(run: Run, newest: int) -> Row:
    """The dominant frequency of each head at the last checkpoint; empty if that was not analysed."""
    arrays = _up_to(run, FREQUENCIES, newest)
    if arrays is None:
        return {}
    return _by_head(run, "frequency", [int(frequency) or None for frequency in arrays["dominant"][-1]])


def _up_to(run: Run, analyzer: str, newest: int) -> Arrays | None:
    """The arrays of an analyzer across epochs; None if they cannot be read, or end before the `newest` epoch."""
    with suppress(FileStateError):
        arrays = run.artifacts.load_run(analyzer)
        return arrays if int(arrays["epochs"][-1]) >= newest else None
    return None


def _by_head(run: Run, name: str, values: Sequence[int | None]) -> Row:
    labels: Sequence[str] = run.labels.head_labels
    return {f"{name}_{label.replace(' ', '_').lower()}": value for label, value in zip(labels, values, strict=True)}
