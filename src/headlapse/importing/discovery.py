"""Find the variants in files and folders: the files of their states, and the files beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headlapse.errors import FileStateError, InvalidValueError, MissingFileError, some_of
from headlapse.importing.entries import (
    Entry,
    direct_entries,
    entries_of,
    facts_in,
    folders_in,
    is_numbered,
    numbered_folders,
    unread_settings_in,
)
from headlapse.importing.file_names import is_settings
from headlapse.importing.shards import label_of

MOST_DEEP = 8
SERIES_FOLDERS = ("checkpoints", "ckpts", "checkpoint", "ckpt", "weights", "snapshots")


@dataclass
class Unit:
    """The files of one variant: its states, and the JSON files about all of them. `name` is the name for it."""

    path: Path
    name: str
    entries: list[Entry]
    facts: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: FileStateError | None = None


def find_units(paths: Sequence[Path]) -> list[Unit]:
    """The variants in `paths`: all files are states of one variant; a folder contains one or several.

    Raises `MissingFileError` if a path does not exist or a folder has no weights, `InvalidValueError` without any path.
    """
    if not paths:
        raise InvalidValueError("name at least one file or folder to import")
    for path in paths:
        if not path.exists():
            raise MissingFileError(path, "does not exist", "it is not a file or a folder; check the path")
    files = [path for path in paths if not path.is_dir()]
    folders = [path for path in paths if path.is_dir()]
    units = [_unit_of_files(files)] if files else []
    series = numbered_folders(folders) if len(folders) > 1 else []
    if series:
        return [*units, Unit(folders[0].parent, _name(folders[0].resolve().parent), series, facts_in(folders[0].parent))]
    for folder in folders:
        found = list(_units_in(folder, _name(folder), MOST_DEEP, _settings_above(folder)))
        if not found:
            problem = (
                "holds no files such as checkpoint_epoch_00100.safetensors, and no other safetensors, torch, npz or pickle"
            )
            others = "".join(f" ({note})" for note in direct_entries(folder)[1])
            raise MissingFileError(folder, problem + others, "name the folder or the files to import")
        units += found
    return _without_repeats(units)


def _without_repeats(units: Sequence[Unit]) -> list[Unit]:
    """`units` without those whose files an earlier one has, reached by a link."""
    found: dict[tuple[Path, ...], Unit] = {}
    for unit in sorted(units, key=lambda unit: unit.path.resolve() != unit.path.absolute()):
        found.setdefault(tuple(entry.path.resolve() for entry in unit.entries) or (unit.path.absolute(),), unit)
    return [unit for unit in units if any(unit is kept for kept in found.values())]


def merged(units: Sequence[Unit]) -> Unit:
    """All states of several units as one variant, with the name of the first."""
    first = next((unit for unit in units if unit.problem is not None), units[0])
    parts = {name: [item for unit in units for item in getattr(unit, name)] for name in ("entries", "facts", "notes")}
    return Unit(first.path, first.name, parts["entries"], parts["facts"], parts["notes"], first.problem)


def _unit_of_files(files: Sequence[Path]) -> Unit:
    entries = entries_of(files)
    first = entries[0]
    folders = dict.fromkeys(path.parent for path in files)
    facts = [path for folder in folders for path in (*_facts_about(folder), *_settings_above(folder))]
    unread = [path.name for folder in folders for path in unread_settings_in(folder) if path not in files]
    notes = [f"not read: {some_of(unread)}"] if unread else []
    return Unit(files[0], files[0].stem if first.label == label_of(first.files) else first.label, entries, facts, notes)


def _facts_about(folder: Path) -> list[Path]:
    """The files with facts about the weights in `folder`: in it, and beside it if it is just called checkpoints."""
    beside = folder.resolve().parent if folder.resolve().name in SERIES_FOLDERS else folder
    return [path for place in dict.fromkeys((folder, beside)) for path in facts_in(place)]


def _settings_above(folder: Path) -> list[Path]:
    """The settings of the run that a numbered folder of checkpoints belongs to, which stand above it."""
    place = folder.resolve()
    if not is_numbered(place.name):
        return []
    found = [path for path in _facts_about(place.parent) if is_settings(path.name)]
    return [*found, *_settings_above(place.parent)]


def _units_in(folder: Path, name: str, depth: int, above: Sequence[Path] = ()) -> Iterator[Unit]:
    """The variant of the folder itself, and those in its subfolders. An unreadable folder counts as a variant with a problem.

    `above` are the facts in parent folders without states of their own: their settings apply to all variants below.
    """
    try:
        entries, used, notes = _entries(folder)
        facts = _facts_about(folder)
    except FileStateError as error:
        yield Unit(folder, name, [], problem=error)
        return
    if entries:
        shared = [path for path in above if is_settings(path.name)]
        notes += [f"{path} is not used: it lies beside several variants" for path in above if path not in shared]
        yield Unit(folder, name, entries, list(dict.fromkeys((*facts, *shared))), notes)
    if depth:
        for inner in folders_in(folder):
            if inner not in used:
                yield from _units_in(inner, f"{name}_{inner.name}", depth - 1, () if entries else (*facts, *above))


def _entries(folder: Path) -> tuple[list[Entry], list[Path], list[str]]:
    """The states of the variant in `folder`, the subfolders that contain them, and notes."""
    direct, notes = direct_entries(folder)
    inner = folders_in(folder)
    used = [
        sub for sub in inner if sub.name in SERIES_FOLDERS and (direct_entries(sub)[0] or numbered_folders(folders_in(sub)))
    ]
    nested = [entry for sub in used for entry in (*direct_entries(sub)[0], *numbered_folders(folders_in(sub)))]
    rest = [sub for sub in inner if sub not in used]
    numbered = numbered_folders(rest)
    used += [sub for sub in rest if any(sub in entry.path.parents for entry in numbered)]
    used += [deeper for sub in used for deeper in folders_in(sub)]
    alone = numbered_folders([folder]) if len(direct) <= 1 and not nested + numbered else []
    used += [inner for inner in rest if any(inner in entry.path.parents for entry in alone)]
    return alone or [*direct, *nested, *numbered], used, notes


def _name(folder: Path) -> str:
    """The folder's own name, even for `.`; the name of its parent if it is just called checkpoints."""
    own = folder.resolve()
    return own.parent.name if own.name in SERIES_FOLDERS and own.parent.name else own.name
