"""The only module that knows folder and file names.

results/{family}/{variant}/config.json metadata.json status.json losses.f64 scalars/{name}.f64 cancel.json while a sweep is
asked to stop the run training_state.safetensors checkpoints/checkpoint_epoch_NNNNN.safetensors
artifacts/{analyzer}/epoch_NNNNN.npz artifacts/{analyzer}/all_epochs.npz replaced_runs/{time}/... earlier runs that `--restart`
moved aside, under the same names results/recorded/{run}/... recordings of other training loops, the same names as far as the
files exist results/.jobs/{job}/request.json status.json cancel.json log.txt
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from urllib.parse import unquote_to_bytes

from headlapse import checks
from headlapse.errors import CorruptFileError, IncompatibleFileError
from headlapse.storage.filesystem import obstacle
from headlapse.system import refusals

_EPOCH = "([0-9]{5}|[1-9][0-9]{5,})"  # exactly as f"{epoch:05d}" writes it
_CHECKPOINT = re.compile(rf"checkpoint_epoch_{_EPOCH}\.safetensors", re.ASCII)
_ARTIFACT = re.compile(rf"epoch_{_EPOCH}\.npz", re.ASCII)
_SCALAR = re.compile(r"((?:[a-z0-9_-]|%[0-9A-F]{2})+)\.f64", re.ASCII)
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
MOST_SCALAR_NAME = 240  # bytes of a file name without its ending
RECORDED = "recorded"  # the folder of runs that no family trains
_STAGED = re.compile(r"\..+\.[0-9a-f]{16}\.tmp", re.ASCII)


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
            raise _unreadable(path, error) from error

    def files(self, analyzer: str) -> list[Path]:
        """All artifacts of `analyzer`."""
        of_epochs = [self.file(analyzer, epoch) for epoch in self.epochs(analyzer)]
        return of_epochs + ([self.run_file(analyzer)] if self.has_run_file(analyzer) else [])

    def epochs(self, analyzer: str) -> list[int]:
        """Epochs with an artifact, ascending. Temporary and misnamed files are ignored."""
        return _numbered(self.folder(analyzer), _ARTIFACT)

    def analyzers(self) -> list[str]:
        """Analyzers with at least one artifact."""
        folders = [entry.name for entry in _scan(self.root) if entry.is_dir()]
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
        found = [match[1] for match in map(_SCALAR.fullmatch, _names(self.scalars)) if match]
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
        return _numbered(self.checkpoints, _CHECKPOINT)

    def all_epochs(self) -> list[int]:
        """Epochs with a checkpoint or an artifact, ascending."""
        artifacts = self.artifacts
        return sorted({*self.epochs(), *(epoch for name in artifacts.analyzers() for epoch in artifacts.epochs(name))})

    def other_checkpoints(self) -> list[Path]:
        """Other files in the folder of checkpoints, sorted."""
        return sorted(self.checkpoints / name for name in _names(self.checkpoints) if not _CHECKPOINT.fullmatch(name))


@dataclass(frozen=True)
class JobPaths:
    """Names inside the folder of a job."""

    root: Path

    @classmethod
    def under(cls, results: Path, job: str) -> JobPaths:
        """The files of `job` below `results`."""
        return cls(results / ".jobs" / job)

    @property
    def request(self) -> Path:
        """The request of the job."""
        return self.root / "request.json"

    @property
    def status(self) -> Path:
        """The state of the job."""
        return self.root / "status.json"

    @property
    def cancel(self) -> Path:
        """Exists once the job is asked to stop."""
        return self.root / "cancel.json"

    @property
    def log(self) -> Path:
        """The output of the job."""
        return self.root / "log.txt"

    @property
    def lock(self) -> Path:
        """Held by the process of the job."""
        return self.root / ".lock"


@dataclass(frozen=True)
class SweepPaths:
    """Names inside the folder of a sweep that runs as a job array."""

    root: Path

    @classmethod
    def under(cls, results: Path, sweep: str) -> SweepPaths:
        """The names for the sweep called `sweep` in `results`."""
        return cls(results / ".sweeps" / sweep)

    @property
    def file(self) -> Path:
        """The request of each job."""
        return self.root / "sweep.toml"

    @property
    def script(self) -> Path:
        """The script for sbatch."""
        return self.root / "sweep.sh"

    def log(self, number: str) -> Path:
        """The output of the job with this number."""
        return self.root / f"log_{number}.txt"


def seen_by_all(results: Path, token: str) -> Path:
    """A file that exists while a sweep finds out which nodes see the results."""
    return results / ".sweeps" / f"seen_{token}"


def job_names(results: Path) -> list[str]:
    """Names of the jobs under `results`, oldest first."""
    names = [entry.name for entry in _scan(results / ".jobs") if entry.is_dir()]
    return sorted(name for name in names if JobPaths.under(results, name).request.is_file())


def unsubmitted_jobs(results: Path) -> list[Path]:
    """Folders of jobs whose submission was killed before it wrote a request. Call it while holding the `submission_lock`."""
    folders = [Path(entry) for entry in _scan(results / ".jobs") if entry.is_dir()]
    return sorted(folder for folder in folders if not JobPaths(folder).request.exists())


def submission_lock(results: Path) -> Path:
    """Held while a job is submitted."""
    return results / ".jobs" / ".lock"


def staged_imports(results: Path) -> list[Path]:
    """Folders of imports that are running or were killed."""
    return sorted(results / name for name in _names(results) if _STAGED.fullmatch(name))


def staging_lock(folder: Path) -> Path:
    """Held while an import runs in `folder`."""
    return folder / ".lock"


def trash_folder(results: Path, token: str) -> Path:
    """The folder of one deleted run, which is in a folder named after its family."""
    return results / ".trash" / token


def trashed_runs(results: Path) -> dict[str, Path]:
    """The folder of each deleted run, by its token in the trash, oldest first."""
    tokens = sorted(entry.name for entry in _scan(results / ".trash") if _is_folder(entry))
    families = [(token, Path(family)) for token in tokens for family in _scan(trash_folder(results, token))]
    return {token: Path(run) for token, family in families for run in _scan(family) if _is_folder(run)}


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
    families = [Path(entry) for entry in _scan(results) if _is_folder(entry)]
    return sorted(folder for family in families for folder in _folders(family) if is_variant(folder))


def _folders(family: Path) -> list[Path]:
    """The folders in a family's folder; if it cannot be read, one placeholder for all of them."""
    try:
        return [Path(entry) for entry in _scan(family) if _is_folder(entry)]
    except CorruptFileError:
        return [family / "?"] if family.name.isidentifier() else []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link whose target cannot be determined."""
    try:
        return entry.is_dir()
    except OSError:
        return True


def is_variant(folder: Path) -> bool:
    """Whether it has a config.json or checkpoints; true if the system cannot tell, as opening it then gives the reason."""
    paths = VariantPaths(folder)
    try:
        return paths.config.exists() or paths.checkpoints.is_dir()
    except OSError:
        return True


def _numbered(folder: Path, pattern: re.Pattern[str]) -> list[int]:
    return sorted(int(match[1]) for match in map(pattern.fullmatch, _names(folder)) if match)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 -- names are all that is needed, of thousands of files
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: OSError) -> CorruptFileError:
    return CorruptFileError(folder, f"cannot be read ({error.strerror})", refusals.remedy_to_read(error, "check the disk"))
