"""The states in one folder: files, their shards, and numbered subfolders with one state each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from headlapse.errors import CorruptFileError, HeadlapseError, some_of
from headlapse.importing.epoch_names import BARE, AmbiguousError, epochs_in, numbers_in
from headlapse.importing.file_names import ENDINGS, is_companion, is_json, is_told, is_unread, is_unread_settings
from headlapse.importing.parts import PART, check_one_part
from headlapse.importing.reading.content import looks_like_weights
from headlapse.importing.shards import grouped, label_of, read_parts
from headlapse.importing.sidecars import by_name, sidecars_of
from headlapse.importing.states import find_states

PASSED_OVER = frozenset(("artifacts", "wandb", "__pycache__"))
DEPTH = 2  # of folders around the state of an epoch
MOST_BESIDE = 8  # files that a trainer stores with the weights of one epoch


@dataclass(frozen=True)
class Entry:
    """The file of a state, or its shards. `label` is the name that may give its epoch; `beside` has facts about it only."""

    files: tuple[Path, ...]
    label: str
    beside: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        """The first of its files, used in messages."""
        return self.files[0]


def entries_of(files: Sequence[Path]) -> list[Entry]:
    """The states in `files`, each under the name of its folder if only that gives an epoch."""
    for path in files:
        check_one_part(path.parent, [path, *(_beside(path.parent) if path.name.startswith(PART) else ())])
    named = {folder: by_name(_json_in(_beside(folder))) for folder in {path.parent for path in files}}
    return [_in_its_folder(_entry(group, named[group[0].parent])) for group in grouped(files)]


def _entry(group: Sequence[Path], named: Mapping[str, list[Path]]) -> Entry:
    label = label_of(group)
    return Entry(tuple(group), label, sidecars_of(label, named))


def direct_entries(folder: Path) -> tuple[list[Entry], list[str]]:
    """The states in files directly in `folder`."""
    listed = _listed(folder)
    files = sorted(path for path in listed if path.is_file() and not is_companion(path.name))
    check_one_part(folder, listed)
    groups = [group for group in grouped(files) if group[0].suffix in ENDINGS or looks_like_weights(group[0])]
    names = {group[0].name: group for group in groups}
    notes = _unfollowed(listed)
    if "model.safetensors" in names and "pytorch_model.bin" in names:
        groups.remove(names["pytorch_model.bin"])
        notes.append(f"{folder.name}/pytorch_model.bin is left out: model.safetensors holds the same")
    named = by_name(_json_in(listed))
    entries = [_entry(group, named) for group in groups]
    used = {path for entry in entries for path in entry.beside}
    left = {path for paths in named.values() for path in paths if not is_told(path.name)} - used
    unread = [path.name for path in files if path in left or is_unread(path.name)]
    return entries, [*([f"not read: {some_of(unread)}"] if unread else []), *notes]


def _json_in(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if is_json(path.name) and path.is_file()]


def numbered_folders(folders: Sequence[Path]) -> list[Entry]:
    """The states in numbered folders with one state each, such as `checkpoint-500`; empty if there are no such folders."""
    found = []
    for folder in folders:
        if not is_numbered(folder.resolve().name):
            continue
        try:
            entries = _entries_in(folder)
            states = [entry for entry in entries if _holds_state(entry)] if 1 < len(entries) <= MOST_BESIDE else entries
        except HeadlapseError:  # it counts as a variant with this problem
            continue
        if len(states) == 1 and not numbers_in(states[0].label):
            rest = [entry.path for entry in entries if entry is not states[0]]
            told = (path for place in dict.fromkeys((folder, states[0].path.parent)) for path in facts_in(place))
            beside = dict.fromkeys((*told, *states[0].beside, *rest))
            found.append(Entry(states[0].files, folder.resolve().name, tuple(beside)))
    try:
        epochs = epochs_in([entry.label for entry in found])
    except AmbiguousError:
        return []
    return found if found and None not in epochs else []


def _entries_in(folder: Path, depth: int = DEPTH) -> list[Entry]:
    """The states in `folder`, or in its only subfolder if its name says that it is of an epoch."""
    entries, _ = direct_entries(folder)
    is_searched = depth < DEPTH or _names_epoch(folder.resolve().name)
    inner = folders_in(folder) if depth and is_searched and not entries else []
    return _entries_in(inner[0], depth - 1) if len(inner) == 1 else entries


def _in_its_folder(entry: Entry) -> Entry:
    """`entry` under the name of its folder if only that gives an epoch, as in `checkpoint-500/model.safetensors`."""
    folder = entry.path.resolve().parent
    if numbers_in(entry.label) or not _names_epoch(folder.name):
        return entry
    return Entry(entry.files, folder.name, tuple(dict.fromkeys((*facts_in(folder), *entry.beside))))


def _holds_state(entry: Entry) -> bool:
    return bool(find_states(read_parts(entry.files), entry.path))


def is_numbered(name: str) -> bool:
    """Whether a folder's name gives an epoch: a number, alone or after a word for epochs. `model_2` may be another model."""
    return name.isdigit() or _names_epoch(name)


def _names_epoch(name: str) -> bool:
    return any(number.rank < BARE for number in numbers_in(name))


def facts_in(folder: Path) -> list[Path]:
    """The files in `folder` with facts about the files beside them; none if only the owner may list it."""
    return sorted(path for path in _beside(folder) if is_told(path.name) and path.is_file())


def unread_settings_in(folder: Path) -> list[Path]:
    """The files in `folder` that seem to hold settings and are read neither as facts nor, if only weights are named, at all."""
    return sorted(path for path in _beside(folder) if is_unread_settings(path.name))


def folders_in(folder: Path) -> list[Path]:
    """The subfolders of `folder` that may contain weights, also behind links. Raises `CorruptFileError` if it cannot be read.

    A link to a folder beside it, or to one that contains it, is left out.
    """
    folders = [path for path in _listed(folder) if path.is_dir() and path.name not in PASSED_OVER]
    return sorted(path for path in folders if not (path.is_symlink() and _leads_back(path)))


def _leads_back(link: Path) -> bool:
    """Whether a link leads to a folder that is read without it: one beside it, or one that contains it."""
    target, here = link.resolve(), link.parent.resolve()
    return target.parent == here or target in (here, *here.parents)


def _unfollowed(paths: Sequence[Path]) -> list[str]:
    """Lines about links that lead to nothing, or to a folder that contains them."""
    links = [path for path in paths if path.is_symlink()]
    broken = [path.name for path in links if not path.exists()]
    above = [
        path.name for path in links if path.is_dir() and path.resolve().parent != path.parent.resolve() and _leads_back(path)
    ]
    lines = (("links that lead to nothing", broken), ("links to a folder that contains them, not followed", above))
    return [f"{title}: {', '.join(sorted(names))}" for title, names in lines if names]


def _beside(folder: Path) -> list[Path]:
    """What lies in a folder whose files are read even if it may not be listed."""
    try:
        return _listed(folder)
    except CorruptFileError:
        return []


def _listed(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise CorruptFileError(folder, f"cannot be read ({error.strerror})", "check its permissions") from error
