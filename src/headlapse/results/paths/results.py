"""Names of the folders of a results folder: runs, the trash, imports under way."""

from __future__ import annotations

import re
from pathlib import Path

from headlapse.errors import CorruptFileError, IncompatibleFileError
from headlapse.results.paths.listing import is_folder, names, scan
from headlapse.results.paths.run import VariantPaths
from headlapse.storage.filesystem import obstacle

RECORDED = "recorded"  # the folder of runs that no family trains
_STAGED = re.compile(r"\..+\.[0-9a-f]{16}\.tmp", re.ASCII)


def staged_imports(results: Path) -> list[Path]:
    """Folders of imports that are running or were killed."""
    return sorted(results / name for name in names(results) if _STAGED.fullmatch(name))


def staging_lock(folder: Path) -> Path:
    """Held while an import runs in `folder`."""
    return folder / ".lock"


def trash_folder(results: Path, token: str) -> Path:
    """The folder of one deleted run, which is in a folder named after its family."""
    return results / ".trash" / token


def trashed_runs(results: Path) -> dict[str, Path]:
    """The folder of each deleted run, by its token in the trash, oldest first."""
    tokens = sorted(entry.name for entry in scan(results / ".trash") if is_folder(entry))
    families = [(token, Path(family)) for token in tokens for family in scan(trash_folder(results, token))]
    return {token: Path(run) for token, family in families for run in scan(family) if is_folder(run)}


def check_results(results: Path) -> None:
    """Raise `IncompatibleFileError` if `results` cannot be a folder because it is a file or a broken link."""
    found = obstacle(results)
    if found is not None:
        raise IncompatibleFileError(found.path, found.problem, "name a folder of results with --results")


def variant_folders(results: Path) -> list[Path]:
    """Every `{family}/{variant}` folder under `results` that has a config.json or has lost it, sorted.

    Raises `IncompatibleFileError` if `results` cannot be a folder, `CorruptFileError` if it cannot be read.
    """
    check_results(results)
    families = [Path(entry) for entry in scan(results) if is_folder(entry)]
    return sorted(folder for family in families for folder in _folders(family) if is_variant(folder))


def _folders(family: Path) -> list[Path]:
    """The folders in a family's folder; if it cannot be read, one placeholder for all of them."""
    try:
        return [Path(entry) for entry in scan(family) if is_folder(entry)]
    except CorruptFileError:
        return [family / "?"] if family.name.isidentifier() else []


def is_variant(folder: Path) -> bool:
    """Whether it has a config.json or checkpoints; true if the system cannot tell, as opening it then gives the reason."""
    paths = VariantPaths(folder)
    try:
        return paths.config.exists() or paths.checkpoints.is_dir()
    except OSError:
        return True
