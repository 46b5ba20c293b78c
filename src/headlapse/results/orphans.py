"""Leftovers of killed processes in a results folder, outside its variants."""

from __future__ import annotations

from pathlib import Path

from headlapse.results.paths import JobPaths, job_names, staged_imports, staging_lock, submission_lock, unsubmitted_jobs
from headlapse.storage.atomic import remove, temporaries
from headlapse.storage.lock import in_turn, is_locked


def orphans(results: Path) -> list[Path]:
    """Jobs that were never submitted, temporary files of jobs, and imports that were never finished."""
    jobs = [] if is_locked(submission_lock(results)) else _of_jobs(results)
    return [*jobs, *dead_imports(results)]


def remove_orphans(results: Path) -> None:
    """Remove them while holding the lock for submissions. Raises `WriteFailedError`."""
    remove(dead_imports(results))
    if _of_jobs(results):
        with in_turn(submission_lock(results)):
            remove(_of_jobs(results))


def dead_imports(results: Path) -> list[Path]:
    """Temporary folders of imports that were killed."""
    return [folder for folder in staged_imports(results) if not is_locked(staging_lock(folder))]


def _of_jobs(results: Path) -> list[Path]:
    jobs = [JobPaths.under(results, name) for name in job_names(results)]
    return unsubmitted_jobs(results) + [path for job in jobs if not is_locked(job.lock) for path in temporaries(job.root)]
