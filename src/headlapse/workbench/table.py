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
from headlapse.results.behind import last_known
from headlapse.results.discovery import discover
from headlapse.results.grokking import grokked_at
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
    return named, dict(run.settings), ended, _lock_in(run, to_position), _frequencies(run)


def _noted(run: Run) -> Row:
    """The notes on the run; empty if they cannot be read."""
    notes = Notes()
    with suppress(FileStateError):
        notes = read_notes(run.paths)
    found = {"label": notes.label, "tags": ", ".join(notes.tags), "hidden": "yes" if notes.is_hidden else ""}
    return {name: value for name, value in found.items() if value}


def _lock_in(run: Run, to_position: int) -> Row:
    """When each head locks in; empty if that was not analysed up to the newest epoch."""
    if last_known(run, LOCK_IN) is not None:
        return {}
    try:
        (found,) = lock_in_rows([(run.name, run.artifacts.load_run(LOCK_IN))], to_position)
    except FileStateError:
        return {}
    return _by_head(run, "lock_in", found.heads)


def _frequencies(run: Run) -> Row:
    """The dominant frequency of each head at the last checkpoint; empty if that was not analysed."""
    if last_known(run, FREQUENCIES) is not None:
        return {}
    try:
        dominant = run.artifacts.load_run(FREQUENCIES)["dominant"][-1]
    except FileStateError:
        return {}
    return _by_head(run, "frequency", [int(frequency) or None for frequency in dominant])


def _by_head(run: Run, name: str, values: Sequence[int | None]) -> Row:
    labels: Sequence[str] = run.labels.head_labels
    return {f"{name}_{label.replace(' ', '_').lower()}": value for label, value in zip(labels, values, strict=True)}
