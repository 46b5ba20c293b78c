"""Find the variants in files and folders: which files are the states of one, and what lies beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headlapse.errors import (
    CorruptFileError,
    FileStateError,
    HeadlapseError,
    IncompatibleFileError,
    InvalidValueError,
    MissingFileError,
)
from headlapse.importing.epoch_names import BARE, AmbiguousError, epochs_in, numbers_in
from headlapse.importing.file_names import DISTRIBUTED, ENDINGS, is_companion, is_settings, is_told, is_unread
from headlapse.importing.reading.content import looks_like_weights
from headlapse.importing.shards import grouped, label_of, read_parts
from headlapse.importing.states import find_states

MOST_DEEP = 8
SERIES_FOLDERS = ("checkpoints", "ckpts", "checkpoint", "ckpt", "weights", "snapshots")
PASSED_OVER = frozenset(("artifacts", "wandb", "__pycache__"))


@dataclass(frozen=True)
class Entry:
    """The file of a state, or its shards. `label` is the name that may say its epoch; `beside` tells of this state alone."""

    files: tuple[Path, ...]
    label: str
    beside: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        return self.files[0]


@dataclass
class Unit:
    """What becomes one variant: its states, and the JSON files that speak of all of them. `name` is the one to give it."""

    path: Path
    name: str
    entries: list[Entry]
    facts: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: FileStateError | None = None


def find_units(paths: Sequence[Path]) -> list[Unit]:
    """The variants in `paths`: files are states of one, folders hold one or several.

    Raises `MissingFileError` where a path does not exist or a folder holds no weights, `InvalidValueError` where none is named.
    """
    if not paths:
        raise InvalidValueError("name at least one file or folder to import")
    for path in paths:
        if not path.exists():
            raise MissingFileError(path, "does not exist", "it is not a file or a folder; check the path")
    files = [path for path in paths if not path.is_dir()]
    folders = [path for path in paths if path.is_dir()]
    units = [_unit_of_files(files)] if files else []
    series = _numbered_folders(folders) if len(folders) > 1 else []
    if series:
        return [*units, Unit(folders[0].parent, _name(folders[0].resolve().parent), series, _facts_in(folders[0].parent))]
    for folder in folders:
        found = list(_units_in(folder, _name(folder), MOST_DEEP))
        if not found:
            expected = "weights, such as checkpoint_epoch_00100.safetensors"
            raise MissingFileError(folder, f"holds no files such as {expected}", "name the folder or the files to import")
        units += found
    return units


def merged(units: Sequence[Unit]) -> Unit:
    """All the states of several units as one variant, called as the first."""
    first = next((unit for unit in units if unit.problem is not None), units[0])
    parts = {name: [item for unit in units for item in getattr(unit, name)] for name in ("entries", "facts", "notes")}
    return Unit(first.path, first.name, parts["entries"], parts["facts"], parts["notes"], first.problem)


def _unit_of_files(files: Sequence[Path]) -> Unit:
    entries = [_in_its_folder(Entry(tuple(group), label_of(group))) for group in grouped(files)]
    first = entries[0]
    return Unit(files[0], files[0].stem if first.label == label_of(first.files) else first.label, entries)


def _in_its_folder(entry: Entry) -> Entry:
    """`entry` under the name of its folder where that alone says an epoch, as of `checkpoint-500/model.safetensors`."""
    folder = entry.path.resolve().parent
    if numbers_in(entry.label) or not _names_epoch(folder.name):
        return entry
    return Entry(entry.files, folder.name, tuple(_facts_in(folder)))


def _units_in(folder: Path, name: str, depth: int, above: Sequence[Path] = ()) -> Iterator[Unit]:
    """The variant that the folder is, and those in the folders in it. What cannot be looked into is one with a problem.

    `above` are the facts in folders around it that hold no states themselves: their settings are those of all variants in them.
    """
    try:
        entries, used, notes = _entries(folder)
        beside = folder.resolve().parent if folder.name in SERIES_FOLDERS else folder
        facts = [path for place in dict.fromkeys((folder, beside)) for path in _facts_in(place)]
    except FileStateError as error:
        yield Unit(folder, name, [], problem=error)
        return
    if entries:
        shared = [path for path in above if is_settings(path.name)]
        notes += [f"{path} is not used: it lies beside several variants" for path in above if path not in shared]
        yield Unit(folder, name, entries, list(dict.fromkeys((*facts, *shared))), notes)
    if depth:
        for inner in _folders(folder):
            if inner not in used:
                yield from _units_in(inner, f"{name}_{inner.name}", depth - 1, () if entries else (*facts, *above))


def _entries(folder: Path) -> tuple[list[Entry], list[Path], list[str]]:
    """The states of the variant that `folder` is, the folders in it that they are in, and notes."""
    direct, notes = _direct(folder)
    inner = _folders(folder)
    used = [sub for sub in inner if sub.name in SERIES_FOLDERS and (_direct(sub)[0] or _numbered_folders(_folders(sub)))]
    nested = [entry for sub in used for entry in (*_direct(sub)[0], *_numbered_folders(_folders(sub)))]
    rest = [sub for sub in inner if sub not in used]
    numbered = _numbered_folders(rest)
    used += [sub for sub in rest if any(sub in entry.path.parents for entry in numbered)]
    used += [deeper for sub in used for deeper in _folders(sub)]
    alone = _numbered_folders([folder]) if len(direct) == 1 and not nested + numbered else []
    return alone or [*direct, *nested, *numbered], used, notes


def _direct(folder: Path) -> tuple[list[Entry], list[str]]:
    """The states that are files of `folder` itself."""
    files = sorted(path for path in _listed(folder) if path.is_file() and not is_companion(path.name))
    if any(path.suffix == DISTRIBUTED for path in files):
        convert = "python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE"
        raise IncompatibleFileError(folder, "holds a distributed checkpoint", f"make one file of it: {convert}")
    groups = [group for group in grouped(files) if group[0].suffix in ENDINGS or looks_like_weights(group[0])]
    names = {group[0].name: group for group in groups}
    unread = [path.name for path in files if is_unread(path.name)]
    notes = [f"not read: {', '.join(unread)}"] if unread else []
    if "model.safetensors" in names and "pytorch_model.bin" in names:
        groups.remove(names["pytorch_model.bin"])
        notes.append(f"{folder.name}/pytorch_model.bin is left out: model.safetensors holds the same")
    return [Entry(tuple(group), label_of(group)) for group in groups], notes


def _numbered_folders(folders: Sequence[Path]) -> list[Entry]:
    """The states of folders that hold one each and are numbered, such as `checkpoint-500`; none where that is not so."""
    found = []
    for folder in folders:
        try:
            entries, _ = _direct(folder)
            states = [entry for entry in entries if _holds_state(entry)] if len(entries) > 1 else entries
        except HeadlapseError:  # it is a variant of its own, with this problem
            continue
        if len(states) == 1 and not numbers_in(states[0].label) and _is_numbered(folder.resolve().name):
            rest = [entry.path for entry in entries if entry is not states[0]]
            found.append(Entry(states[0].files, folder.resolve().name, (*_facts_in(folder), *rest)))
    try:
        epochs = epochs_in([entry.label for entry in found])
    except AmbiguousError:
        return []
    return found if found and None not in epochs else []


def _holds_state(entry: Entry) -> bool:
    return bool(find_states(read_parts(entry.files), entry.path))


def _is_numbered(name: str) -> bool:
    """Whether a folder's name says an epoch: it is a number, or has one after a word for it. `model_2` may be another model."""
    return name.isdigit() or _names_epoch(name)


def _names_epoch(name: str) -> bool:
    return any(number.rank < BARE for number in numbers_in(name))


def _facts_in(folder: Path) -> list[Path]:
    return sorted(path for path in _listed(folder) if is_told(path.name) and path.is_file())


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in _listed(folder) if path.is_dir() and path.name not in PASSED_OVER and not path.is_symlink())


def _listed(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise CorruptFileError(folder, f"cannot be read ({error.strerror})", "check its permissions") from error


def _name(folder: Path) -> str:
    """The folder's own name, also of `.`; that of its parent where it is only called checkpoints."""
    own = folder.resolve()
    return own.parent.name if own.name in SERIES_FOLDERS and own.parent.name else own.name
