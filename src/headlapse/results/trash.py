"""Deleted runs: moved unchanged into a trash folder within the results, from which they can be restored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from secrets import token_hex

from headlapse.errors import BusyError, InvalidValueError, UnknownNameError
from headlapse.results.paths import VariantPaths, is_variant, trash_folder, trashed_runs
from headlapse.storage.atomic import make_folders, move, remove
from headlapse.storage.lock import held_to_move

TOKEN_BYTES = 4


def to_trash(results: Path, folder: Path) -> str:
    """Move the run in `folder` to the trash, whole, in one step. Returns the token for `from_trash`.

    Raises `BusyError` if a process trains or changes it, `WriteFailedError`.
    """
    token = f"{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}_{token_hex(TOKEN_BYTES)}"
    target = trash_folder(results, token) / folder.parent.name
    with held_to_move(VariantPaths(folder).lock, "move the run to the trash") as lease:
        make_folders(target)
        move([folder], target)
        remove([target / folder.name / lease.name])
    return token


def from_trash(results: Path, token: str) -> Path:
    """Restore a run, unchanged, to its former folder, and return that.

    Raises `UnknownNameError`, `BusyError` if another run has its name by now.
    """
    aside = _trashed(results, token)
    folder = results / aside.parent.name / aside.name
    if folder.exists():
        raise BusyError(f"cannot put {aside.name} back: another run has this name now; move or delete that run first")
    if not is_variant(aside):
        raise InvalidValueError(f"{aside} is not a run; move it by hand")
    move([aside], folder.parent)
    remove([aside.parent, aside.parent.parent])
    return folder


def out_of_trash(results: Path, token: str) -> Path:
    """Delete a run in the trash permanently; return its folder there. Raises `UnknownNameError`, `WriteFailedError`."""
    aside = _trashed(results, token)
    remove([aside, aside.parent, aside.parent.parent])
    return aside


def _trashed(results: Path, token: str) -> Path:
    aside = trashed_runs(results).get(token)
    if aside is None:
        raise UnknownNameError.among("run in the trash", token, trashed_runs(results))
    return aside
