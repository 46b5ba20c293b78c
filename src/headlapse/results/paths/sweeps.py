"""Names of the files of sweeps that run as a job array or on several nodes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
