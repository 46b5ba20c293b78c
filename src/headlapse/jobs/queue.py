"""The queue: submit, list and cancel. One job works at a time; the order is that of the names, which begin with the time."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError, UnknownNameError
from headlapse.jobs.request import Request, from_json, to_json
from headlapse.results.atomic import read_json, remove, write_json
from headlapse.results.disk import failures_named
from headlapse.results.lock import is_locked
from headlapse.results.paths import JobPaths, job_names, submission_lock

State = Literal["queued", "running", "finished", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("finished", "failed", "cancelled")
SECONDS_TO_START = 20.0  # until a process that never claimed its job counts as lost
LOG_BYTES = 4_000
REMEDY = "start the job again"
DIED = "its process ended without a word: it was killed, or the machine went down; start it again to continue"


@dataclass(frozen=True)
class Job:
    """A job as its folder tells. `status` has what its process last wrote: epoch, epochs, losses, seconds left, error."""

    name: str
    request: Request
    state: State
    status: dict[str, Any]

    @property
    def is_alive(self) -> bool:
        return self.state not in ENDED


@dataclass
class JobQueue:
    """The jobs of one results folder."""

    results: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def submit(self, request: Request) -> Job:
        """Start the process of a new job; where the same work is already waiting or under way, that job is returned.

        One at a time, also among several servers of the same results: a double click starts one job.
        """
        with _submitting(self.results):
            return self._submit(request)

    def _submit(self, request: Request) -> Job:
        for job in self.jobs():
            if job.is_alive and (job.request.kind, job.request.variant) == (request.kind, request.variant):
                return job
        name = f"{time.time_ns():020d}_{secrets.token_hex(3)}"
        paths = JobPaths.under(self.results, name)
        write_json(paths.status, {"state": "queued", "updated": time.time()})
        write_json(paths.request, to_json(request))
        try:
            self._start(paths)
        except OSError as error:
            remove([paths.root])
            raise HeadlapseError(f"no process can be started: {error}; free some memory or space and {REMEDY}") from error
        return self.get(name)

    def jobs(self) -> list[Job]:
        """All jobs, oldest first. A folder without a whole request was never started, and hides no other."""
        found = []
        for name in job_names(self.results):
            with suppress(FileStateError, InvalidValueError):
                found.append(read_job(self.results, name))
        return found

    def get(self, name: str) -> Job:
        if name not in job_names(self.results):
            raise UnknownNameError(f"there is no job {name!r}; it may have been removed")
        return read_job(self.results, name)

    def cancel(self, name: str) -> None:
        """Ask the job to stop: training finishes its epoch and can be continued."""
        job = self.get(name)
        write_json(JobPaths.under(self.results, name).cancel, {"asked": time.time()})
        pid = job.status.get("pid")
        if job.is_alive and is_locked(JobPaths.under(self.results, name).lock) and isinstance(pid, int):
            os.kill(pid, signal.SIGTERM)

    def log(self, name: str) -> str:
        """The end of what the job's process said."""
        path = JobPaths.under(self.results, self.get(name).name).log
        try:
            return path.read_bytes()[-LOG_BYTES:].decode(errors="replace")
        except FileNotFoundError:
            return ""

    def _start(self, paths: JobPaths) -> None:
        self._processes = [process for process in self._processes if process.poll() is None]
        with paths.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "headlapse.jobs.runner", str(self.results.resolve()), paths.root.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)


@contextmanager
def _submitting(results: Path) -> Iterator[None]:
    path = submission_lock(results)
    lock = FileLock(path)
    with failures_named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def read_job(results: Path, name: str) -> Job:
    """The job as it is now; a process that died without a word has failed."""
    paths = JobPaths.under(results, name)
    request = from_json(read_json(paths.request, REMEDY))
    status = _status(paths)
    if status["state"] == "queued" and paths.cancel.exists():  # its process will see that before it works
        return Job(name, request, "cancelled", status)
    if status["state"] not in ENDED and not is_locked(paths.lock):
        status = _status(paths)  # it may have ended since
        if status["state"] not in ENDED and not _is_starting(status):
            return Job(name, request, "failed", status | {"error": DIED})
    return Job(name, request, status["state"], status)


def _status(paths: JobPaths) -> dict[str, Any]:
    try:
        return read_json(paths.status, REMEDY)
    except FileStateError as error:
        return {"state": "failed", "error": str(error)}


def _is_starting(status: dict[str, Any]) -> bool:
    return status["state"] == "queued" and "pid" not in status and time.time() - status["updated"] < SECONDS_TO_START
