"""The states in one folder: files, their shards, and numbered subfolders with one state each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from headlapse.errors import CorruptFileError, HeadlapseError, IncompatibleFileError
from headlapse.importing.epoch_names import BARE, AmbiguousError, epochs_in, numbers_in
from headlapse.importing.file_names import DISTRIBUTED, ENDINGS, is_companion, is_told, is_unread
from headlapse.importing.reading.content import looks_like_weights
from headlapse.importing.shards import grouped, label_of, read_parts
from headlapse.importing.states import find_states

PASSED_OVER = frozenset(("artifacts", "wandb", "__pycache__"))
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
    return [_in_its_folder(Entry(tuple(group), label_of(group))) for group in grouped(files)]


def direct_entries(folder: Path) -> tuple[list[Entry], list[str]]:
    """The states in files directly in `folder`."""
    listed = _listed(folder)
    files = sorted(path for path in listed if path.is_file() and not is_companion(path.name))
    if any(path.suffix == DISTRIBUTED for path in files):
        convert = "python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE"
        raise IncompatibleFileError(folder, "holds a distributed checkpoint", f"make one file of it: {convert}")
    groups = [group for group in grouped(files) if group[0].suffix in ENDINGS or looks_like_weights(group[0])]
    names = {group[0].name: group for group in groups}
    unread = [path.name for path in files if is_unread(path.name)]
    notes = [*([f"not read: {', '.join(unread)}"] if unread else []), *_unfollowed(listed)]
    if "model.safetensors" in names and "pytorch_model.bin" in names:
        groups.remove(names["pytorch_model.bin"])
        notes.append(f"{folder.name}/pytorch_model.bin is left out: model.safetensors holds the same")
    return [Entry(tuple(group), label_of(group)) for group in groups], notes


def numbered_folders(folders: Sequence[Path]) -> list[Entry]:
    """The states in numbered folders with one state each, such as `checkpoint-500`; empty if there are no such folders."""
    found = []
    for folder in folders:
        if not _is_numbered(folder.resolve().name):
            continue
        try:
            entries, _ = direct_entries(folder)
            states = [entry for entry in entries if _holds_state(entry)] if 1 < len(entries) <= MOST_BESIDE else entries
        except HeadlapseError:  # it counts as a variant with this problem
            continue
        if len(states) == 1 and not numbers_in(states[0].label):
            rest = [entry.path for entry in entries if entry is not states[0]]
            found.append(Entry(states[0].files, folder.resolve().name, (*facts_in(folder), *rest)))
    try:
        epochs = epochs_in([entry.label for entry in found])
    except AmbiguousError:
        return []
    return found if found and None not in epochs else []


def _in_its_folder(entry: Entry) -> Entry:
    """`entry` under the name of its folder if only that gives an epoch, as in `checkpoint-500/model.safetensors`."""
    folder = entry.path.resolve().parent
    if numbers_in(entry.label) or not _names_epoch(folder.name):
        return entry
    return Entry(entry.files, folder.name, tuple(facts_in(folder)))


def _holds_state(entry: Entry) -> bool:
    return bool(find_states(read_parts(entry.files), entry.path))


def _is_numbered(name: str) -> bool:
    """Whether a folder's name gives an epoch: a number, alone or after a word for epochs. `model_2` may be another model."""
    return name.isdigit() or _names_epoch(name)


def _names_epoch(name: str) -> bool:
    return any(number.rank < BARE for number in numbers_in(name))


def facts_in(folder: Path) -> list[Path]:
    """The files in `folder` with facts about the files beside them."""
    return sorted(path for path in _listed(folder) if is_told(path.name) and path.is_file())


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


def _listed(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise CorruptFileError(folder, f"cannot be read ({error.strerror})", "check its permissions") from error
