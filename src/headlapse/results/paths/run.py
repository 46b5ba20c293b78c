"""Names of the files of one run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from urllib.parse import unquote_to_bytes

from headlapse import checks
from headlapse.results.paths.listing import State, names, numbered, scan, states, unreadable

_EPOCH = "([0-9]{5}|[1-9][0-9]{5,})"  # exactly as f"{epoch:05d}" writes it
_CHECKPOINT = re.compile(rf"checkpoint_epoch_{_EPOCH}\.safetensors", re.ASCII)
_ARTIFACT = re.compile(rf"epoch_{_EPOCH}\.npz", re.ASCII)
_SCALAR = re.compile(r"((?:[a-z0-9_-]|%[0-9A-F]{2})+)\.f64", re.ASCII)
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
MOST_SCALAR_NAME = 240  # bytes of a file name without its ending


@dataclass(frozen=True)
class ArtifactPaths:
    """Names inside an `artifacts` folder."""

    root: Path

    def folder(self, analyzer: str) -> Path:
        """The folder of `analyzer`. Raises `InvalidValueError` for a text that cannot be the name of a folder."""
        if not isinstance(analyzer, str) or "\0" in analyzer or Path(analyzer).name != analyzer or analyzer in ("", ".."):
            raise checks.wrong("analyzer", "the name of an analyzer, e.g. attention_patterns", analyzer)
        return self.root / analyzer

    def file(self, analyzer: str, epoch: int) -> Path:
        """The artifact of `analyzer` at `epoch`."""
        return self.folder(analyzer) / f"epoch_{epoch:05d}.npz"

    def run_file(self, analyzer: str) -> Path:
        """The one artifact of an analyzer across epochs."""
        return self.folder(analyzer) / "all_epochs.npz"

    def has_run_file(self, analyzer: str) -> bool:
        """Whether it exists. Raises `CorruptFileError` if the system cannot tell."""
        path = self.run_file(analyzer)
        try:
            return path.is_file()
        except OSError as error:
            raise unreadable(path, error) from error

    def files(self, analyzer: str) -> list[Path]:
        """All artifacts of `analyzer`."""
        of_epochs = [self.file(analyzer, epoch) for epoch in self.epochs(analyzer)]
        return of_epochs + ([self.run_file(analyzer)] if self.has_run_file(analyzer) else [])

    def epochs(self, analyzer: str) -> list[int]:
        """Epochs with an artifact, ascending. Temporary and misnamed files are ignored."""
        return numbered(self.folder(analyzer), _ARTIFACT)

    def states(self, analyzer: str) -> dict[int | None, State]:
        """The state of each artifact of `analyzer`, by epoch; None stands for the one across epochs."""
        run_file = self.run_file(analyzer).name
        found: dict[int | None, State] = {}
        for name, state in states(self.folder(analyzer)).items():
            match = _ARTIFACT.fullmatch(name)
            if match or name == run_file:
                found[int(match[1]) if match else None] = state
        return found

    def analyzers(self) -> list[str]:
        """Analyzers with at least one artifact."""
        folders = [entry.name for entry in scan(self.root) if entry.is_dir()]
        return sorted(name for name in folders if self.epochs(name) or self.has_run_file(name))


@dataclass(frozen=True)
class VariantPaths:
    """Names inside a variant's folder."""

    root: Path

    @property
    def config(self) -> Path:
        """The request: family, settings, versions."""
        return self.root / "config.json"

    @property
    def metadata(self) -> Path:
        """The outcome: losses, split, checkpoint epochs."""
        return self.root / "metadata.json"

    @property
    def status(self) -> Path:
        """The state of the training."""
        return self.root / "status.json"

    @property
    def notes(self) -> Path:
        """A user's notes on the run."""
        return self.root / "notes.json"

    @property
    def notes_lock(self) -> Path:
        """Held while notes are changed."""
        return self.root / ".notes.lock"

    @property
    def losses(self) -> Path:
        return self.root / "losses.f64"

    @property
    def scalars(self) -> Path:
        return self.root / "scalars"

    def scalar(self, name: str) -> Path:
        """The journal of the scalar of this name. Raises `InvalidValueError` for a name too long for a file."""
        encoded = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in name.encode())
        if not encoded or len(encoded) > MOST_SCALAR_NAME:
            raise checks.wrong("the name of a scalar", "a text of 1 to 80 letters", name)
        return self.scalars / f"{encoded}.f64"

    def scalar_names(self) -> list[str]:
        """Names of the scalars that have a journal, sorted."""
        found = [match[1] for match in map(_SCALAR.fullmatch, names(self.scalars)) if match]
        return sorted(unquote_to_bytes(name).decode(errors="replace") for name in found)

    @property
    def lock(self) -> Path:
        """Held by the process that writes the run."""
        return self.root / ".lock"

    @property
    def cancel(self) -> Path:
        """Exists while the run is asked to stop; the next sweep removes it."""
        return self.root / "cancel.json"

    @property
    def training_state(self) -> Path:
        """Optimizer and random numbers of the newest checkpoint."""
        return self.root / "training_state.safetensors"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def artifacts(self) -> ArtifactPaths:
        return ArtifactPaths(self.root / "artifacts")

    def replaced_run(self, moment: datetime) -> Path:
        """A folder that does not exist yet, for the run that is replaced at this moment."""
        first = self.root / "replaced_runs" / f"{moment:%Y-%m-%d_%H-%M-%S}"
        others = (first.with_name(f"{first.name}_{again}") for again in count(2))
        return next(folder for folder in chain([first], others) if not folder.exists())

    def checkpoint(self, epoch: int) -> Path:
        return self.checkpoints / f"checkpoint_epoch_{epoch:05d}.safetensors"

    def epochs(self) -> list[int]:
        """Epochs with a checkpoint, ascending. Temporary and misnamed files are ignored."""
        return numbered(self.checkpoints, _CHECKPOINT)

    def checkpoint_states(self) -> dict[str, State]:
        """The state of each file in the folder of checkpoints, by name."""
        return states(self.checkpoints)

    def all_epochs(self) -> list[int]:
        """Epochs with a checkpoint or an artifact, ascending."""
        artifacts = self.artifacts
        return sorted({*self.epochs(), *(epoch for name in artifacts.analyzers() for epoch in artifacts.epochs(name))})

    def other_checkpoints(self) -> list[Path]:
        """Other files in the folder of checkpoints, sorted."""
        return sorted(self.checkpoints / name for name in names(self.checkpoints) if not _CHECKPOINT.fullmatch(name))
