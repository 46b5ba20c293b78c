"""Find the variants in files and folders: which files are the states of one, and what lies beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headlapse.errors import CorruptFileError, FileStateError, IncompatibleFileError, InvalidValueError, MissingFileError
from headlapse.importing.epoch_names import BARE, AmbiguousError, epochs_in, numbers_in
from headlapse.importing.reading.content import looks_like_weights
from headlapse.importing.shards import grouped, label_of

MOST_DEEP = 8
SERIES_FOLDERS = ("checkpoints", "ckpts", "checkpoint", "ckpt", "weights", "snapshots")
PASSED_OVER = frozenset(("artifacts", "wandb", "__pycache__"))
_COMPANION = re.compile(
    r"(training_state|optimizer|scheduler|rng_state|random_states|scaler|training_args|sampler|custom_checkpoint|events\.out"
    r"|.*optim_states|dataloader|tokenizer)",
)
_FACTS = re.compile(
    r"((model_|run_)?config|metadata|trainer_state|hparams|hyperparameters|hyper_parameters|(data_)?split"
    r"|((train|training|model)_)?(args|settings|params|parameters|history|losses|metrics|log))\.json"
)
DISTRIBUTED = ".distcp"
ENDINGS = (".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".npz")  # of what should be weights, also where it is damaged


@dataclass(frozen=True)
class Entry:
    """The file of a state, or its shards. `label` is the name that may say its epoch; `beside` is JSON on this state alone."""

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
    entries = [Entry(tuple(group), label_of(group)) for group in grouped(files)]
    return Unit(files[0], files[0].stem, entries)


def _units_in(folder: Path, name: str, depth: int) -> Iterator[Unit]:
    """The variant that the folder is, and those in the folders in it. What cannot be looked into is one with a problem."""
    try:
        entries, used, notes = _entries(folder)
        beside = folder.resolve().parent if folder.name in SERIES_FOLDERS else folder
        facts = [path for place in dict.fromkeys((folder, beside)) for path in _facts_in(place)]
    except FileStateError as error:
        yield Unit(folder, name, [], problem=error)
        return
    if entries:
        yield Unit(folder, name, entries, facts, notes)
    if depth:
        for inner in _folders(folder):
            if inner not in used:
                yield from _units_in(inner, f"{name}_{inner.name}", depth - 1)


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
    files = sorted(path for path in _listed(folder) if path.is_file() and not _COMPANION.match(path.name))
    if any(path.suffix == DISTRIBUTED for path in files):
        convert = "python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE"
        raise IncompatibleFileError(folder, "holds a distributed checkpoint", f"make one file of it: {convert}")
    groups = [group for group in grouped(files) if group[0].suffix in ENDINGS or looks_like_weights(group[0])]
    names = {group[0].name: group for group in groups}
    notes = []
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
        except FileStateError:  # it is a variant of its own, with this problem
            continue
        if len(entries) == 1 and not numbers_in(entries[0].label) and _is_numbered(folder.resolve().name):
            found.append(Entry(entries[0].files, folder.resolve().name, tuple(_facts_in(folder))))
    try:
        epochs = epochs_in([entry.label for entry in found])
    except AmbiguousError:
        return []
    return found if found and None not in epochs else []


def _is_numbered(name: str) -> bool:
    """Whether a folder's name says an epoch: it is a number, or has one after a word for it. `model_2` may be another model."""
    return name.isdigit() or any(number.rank < BARE for number in numbers_in(name))


def _facts_in(folder: Path) -> list[Path]:
    return sorted(path for path in _listed(folder) if _FACTS.fullmatch(path.name) and path.is_file())


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
