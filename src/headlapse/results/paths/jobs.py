"""Names of the files of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headlapse.results.paths.listing import scan


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


def job_names(results: Path) -> list[str]:
    """Names of the jobs under `results`, oldest first."""
    names = [entry.name for entry in scan(results / ".jobs") if entry.is_dir()]
    return sorted(name for name in names if JobPaths.under(results, name).request.is_file())


def unsubmitted_jobs(results: Path) -> list[Path]:
    """Folders of jobs whose submission was killed before it wrote a request. Call it while holding the `submission_lock`."""
    folders = [Path(entry) for entry in scan(results / ".jobs") if entry.is_dir()]
    return sorted(folder for folder in folders if not JobPaths(folder).request.exists())


def submission_lock(results: Path) -> Path:
    """Held while a job is submitted."""
    return results / ".jobs" / ".lock"
