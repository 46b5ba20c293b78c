"""Arrays that an analyzer made of a checkpoint: one `.npz` per analyzer and epoch, which says what made it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from headlapse.errors import CorruptFileError, FileStateError, IncompatibleFileError, MissingFileError
from headlapse.results import npz
from headlapse.results.atomic import write_bytes
from headlapse.results.paths import ArtifactPaths

REMEDY = "run `headlapse analyze` on the variant to compute it again"
_NOTE_BYTES = 66_000  # a zip's end record with the longest comment


@dataclass(frozen=True)
class Provenance:
    """What an artifact was made from. Two artifacts of equal provenance hold equal arrays."""

    family: str
    variant: str
    epoch: int
    analyzer: str
    version: int
    checkpoint_sha256: str
    probe_sha256: str


def write_artifact(path: Path, arrays: Mapping[str, np.ndarray], provenance: Provenance) -> None:
    """Write `arrays` atomically, with their provenance and layout in the zip comment."""
    note = json.dumps({"provenance": asdict(provenance), "arrays": _layout(arrays)}, sort_keys=True)
    write_bytes(path, npz.pack(arrays, note.encode()))


def read_provenance(path: Path) -> Provenance | None:
    """What made the artifact, read from the file's end; None where it does not say or cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _NOTE_BYTES))
            note = _note(file.read())
        return Provenance(**note["provenance"])
    except (OSError, npz.NpzError, KeyError, TypeError):
        return None


def read_artifact(path: Path, analyzer: str, epoch: int) -> dict[str, np.ndarray]:
    """The arrays in `path`, checked against what it says of itself.

    A file that says nothing (made by `np.savez`) is read as it is. Raises `MissingFileError`, `CorruptFileError` or
    `IncompatibleFileError`.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(path, "does not exist", REMEDY) from error
    try:
        arrays = npz.unpack(content)
        note = _note(content)
    except npz.NpzError as error:
        raise CorruptFileError(path, str(error), REMEDY) from error
    if note:
        _check_note(path, note, {"analyzer": analyzer, "epoch": epoch}, _layout(arrays))
    return arrays


def _layout(arrays: Mapping[str, np.ndarray]) -> dict[str, list[Any]]:
    return {name: [str(array.dtype), list(array.shape)] for name, array in arrays.items()}


def _note(content: bytes) -> dict[str, Any]:
    """What the file says of itself; empty where it says nothing."""
    text = npz.read_note(content)
    try:
        note = json.loads(text) if text else {}
    except (ValueError, RecursionError) as error:
        raise npz.NpzError("its provenance is damaged") from error
    if not isinstance(note, dict):
        raise npz.NpzError("its provenance is damaged")
    return note


def _check_note(path: Path, note: dict[str, Any], expected: dict[str, Any], layout: dict[str, list[Any]]) -> None:
    found = note.get("provenance")
    stated = {key: found.get(key) for key in expected} if isinstance(found, dict) else None
    if stated != expected:
        raise IncompatibleFileError(path, f"says it is {stated}, expected {expected}", REMEDY)
    if note.get("arrays") != layout:
        raise IncompatibleFileError(path, f"holds {layout}, expected {note.get('arrays')}", REMEDY)


class ArtifactLoader:
    """Reads the artifacts in one `artifacts` folder."""

    def __init__(self, artifacts_dir: str | Path) -> None:
        self.paths = ArtifactPaths(Path(artifacts_dir))

    def get_available_analyzers(self) -> list[str]:
        """Analyzers with at least one artifact, sorted."""
        return self.paths.analyzers()

    def get_epochs(self, analyzer: str) -> list[int]:
        """Epochs with an artifact of `analyzer`, ascending; empty where there is none."""
        return self.paths.epochs(analyzer)

    def load_epoch(self, analyzer: str, epoch: int) -> dict[str, np.ndarray]:
        """The arrays of one epoch by name, read-only. Raises a `FileStateError` naming path and remedy."""
        return read_artifact(self.paths.file(analyzer, epoch), analyzer, epoch)

    def load_epochs(self, analyzer: str, epochs: Iterable[int] | None = None) -> dict[str, np.ndarray]:
        """Arrays of several epochs stacked along a first axis, with `"epochs"` saying which.

        Epochs that are asked for must all be readable. With `epochs=None` every readable one is loaded and each unreadable
        one is named in a warning.
        """
        if epochs is not None:
            loaded = {epoch: self.load_epoch(analyzer, epoch) for epoch in epochs}
        else:
            loaded = self._load_readable(analyzer)
        if not loaded:
            raise MissingFileError(self.paths.root / analyzer, "has no readable artifact", REMEDY)
        first = next(iter(loaded.values()))
        stacked = {name: np.stack([arrays[name] for arrays in loaded.values()]) for name in first}
        return {**stacked, "epochs": np.array(list(loaded), dtype=np.int64)}

    def _load_readable(self, analyzer: str) -> dict[int, dict[str, np.ndarray]]:
        loaded = {}
        for epoch in self.get_epochs(analyzer):
            try:
                loaded[epoch] = self.load_epoch(analyzer, epoch)
            except FileStateError as error:
                warnings.warn(f"epoch {epoch} is left out: {error}", stacklevel=3)
        return loaded

    def __repr__(self) -> str:
        return f"<ArtifactLoader {self.paths.root}: {', '.join(self.get_available_analyzers()) or 'nothing analysed'}>"
