"""The contents of the results folder, scanned and looked up. An identifier from a page never becomes a path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from headlapse.errors import FileStateError, HeadlapseError, MissingFileError, UnknownNameError
from headlapse.families.names import label_of, short_names
from headlapse.results.discovery import open_run, why_unusable
from headlapse.results.notes import Notes, read_notes
from headlapse.results.paths import VariantPaths, variant_folders
from headlapse.results.plug_ins import why_unsuited
from headlapse.results.run import Run
from headlapse.workbench import FamilyRegistry

Stamp = tuple[int, ...]
Key = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One row of the variant list. `state` is a `Variant.state`, or "unusable" with the `problem` in words."""

    id: str
    family: str
    name: str
    label: str
    state: str
    checkpoints: int = 0
    analysed: int = 0
    problem: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    train_loss: float | None = None  # in nats, if known
    test_loss: float | None = None
    tags: tuple[str, ...] = ()
    is_hidden: bool = False

    def as_json(self) -> dict[str, Any]:
        """The description of a run for the page."""
        return asdict(self)


@dataclass
class VariantIndex:
    """The variants under `results`. Rows are kept until one of their source files changes."""

    results: Path
    families: FamilyRegistry
    _folders: dict[Key, Path] = field(default_factory=dict)
    _entries: dict[Key, tuple[Stamp, Entry]] = field(default_factory=dict)

    def entries(self) -> list[Entry]:
        """Every variant, sorted by folder. Raises a `FileStateError` if the results folder cannot be read, or is gone."""
        return [self._entry(key, folder) for key, folder in self._scan().items()]

    def folders(self) -> dict[Key, Path]:
        """The folder of each variant. Raises as `entries` does."""
        return self._scan()

    def short_names(self) -> dict[str, dict[str, str]]:
        """The abbreviations of settings in names of variants, by family."""
        return {name: short_names(self.families.get(name).spec) for name in self.families.names()}

    def label(self, family: str, name: str) -> str:
        """The label that distinguishes a variant from others of its family, even if it cannot be read."""
        known = self.families.names()
        return label_of(self.families.get(family).spec, name) if family in known else name

    def variant(self, family: str, name: str) -> Run:
        """The variant a page names. Raises `UnknownNameError`, or the error of its config.json."""
        return open_run(self.paths(family, name).root, self.families.get)

    def paths(self, family: str, name: str) -> VariantPaths:
        """The files of the variant a page names, even if it cannot be opened. Raises `UnknownNameError`."""
        folder = self._folders.get((family, name))
        if folder is None or not folder.is_dir():
            folder = self._scan().get((family, name))
        if folder is None:
            raise UnknownNameError(f"there is no variant {family}/{name}; choose one from the list")
        return VariantPaths(folder)

    def _scan(self) -> dict[Key, Path]:
        if self._folders and not self.results.exists():
            remedy = "put it back, or start the dashboard with --results where it is now"
            raise MissingFileError(self.results, "is gone; it was moved or removed", remedy)
        found = {(folder.parent.name, folder.name): folder for folder in variant_folders(self.results)}
        self._folders = found  # the threads of the server share it: it is replaced, never changed
        return found

    def _entry(self, key: Key, folder: Path) -> Entry:
        known = self._entries.get(key)
        stamp = stamp_of(folder)
        if known is not None and known[0] == stamp and known[1].state != "training":
            return known[1]
        entry = self._read_entry(key, folder)
        self._entries[key] = (stamp, entry)
        return entry

    def _read_entry(self, key: Key, folder: Path) -> Entry:
        family, name = key
        entry = Entry(f"{family}/{name}", family, name, self.label(family, name), state="unusable")
        try:
            return replace(entry, **described(open_run(folder, self.families.get)))
        except HeadlapseError as error:
            return replace(entry, problem=why_unusable(folder, error))


def described(variant: Run) -> dict[str, Any]:
    """The fields of an entry for a readable variant."""
    found = variant.run_state
    losses = {name: found.status.get(name) for name in ("train_loss", "test_loss")}
    counts = {"checkpoints": len(found.epochs), "analysed": len(analysed_epochs(variant))}
    notes = notes_of(variant)
    told = {"label": notes.label or variant.label, "tags": notes.tags, "is_hidden": notes.is_hidden}
    return {**told, "state": found.state, **counts, "settings": dict(variant.settings), **losses}


def notes_of(variant: Run) -> Notes:
    """The notes on a variant; empty if they cannot be read, which its page reports."""
    try:
        return read_notes(variant.paths)
    except FileStateError:
        return Notes()


def shown_label(variant: Run) -> str:
    """The label that a user gave it, or one made from its settings."""
    return notes_of(variant).label or variant.label


def analysed_epochs(variant: Run) -> list[int]:
    """Epochs for which every analyzer of the run that applies to it has an artifact."""
    found = {name: set(variant.artifacts.get_epochs(name)) for name in variant.analyzers}
    done = [epochs for name, epochs in found.items() if epochs or not why_unsuited(name, variant.axes)]
    return [epoch for epoch in variant.epochs if all(epoch in epochs for epochs in done)]


def unanalysed(variant: Run) -> list[str]:
    """Analyzers of the run that apply to it and have no artifact."""
    missing = (name for name in variant.analyzers if not variant.artifacts.get_epochs(name))
    return [name for name in missing if not why_unsuited(name, variant.axes)]


def stamp_of(folder: Path) -> Stamp:
    """A stamp that changes whenever a source file of a row is replaced, added or removed."""
    paths = VariantPaths(folder)
    artifacts = paths.artifacts.root
    return tuple(_modified([paths.config, paths.status, paths.notes, paths.checkpoints, artifacts, *_children(artifacts)]))


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _modified(paths: Iterable[Path]) -> Iterable[int]:
    for path in paths:
        try:
            yield path.stat().st_mtime_ns
        except OSError:
            yield 0
