"""The queue: submit, list and cancel. One job works at a time, in the order of the names, which begin with the time."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Literal

from headlapse.errors import FileStateError, HeadlapseError, InvalidValueError, UnknownNameError
from headlapse.jobs.request import AnalyzeRequest, Request, from_json, to_json
from headlapse.results.paths import JobPaths, job_names, submission_lock, unsubmitted_jobs
from headlapse.storage.atomic import RECORD_BYTES, read_json, remove, write_json
from headlapse.storage.filesystem import read_end
from headlapse.storage.lock import in_turn, is_locked

State = Literal["queued", "running", "finished", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("finished", "failed", "cancelled")
SECONDS_TO_START = 20.0  # until a process that never claimed its job counts as lost
SECONDS_TO_STOP = 10.0  # until a process that was asked to stop may be ended
LOG_BYTES = 4_000
DIGITS = 20  # of the time with which a job's name begins
REMEDY = "start the job again"
DIED = (
    "The process exited without reporting a result: it was killed, the disk is full, or the machine went down; "
    "start it again to continue"
)


@dataclass(frozen=True)
class Job:
    """A job, as its folder describes it. `status` has what its process last wrote: epoch, epochs, losses, seconds left, error.

    `cancelled` is the time at which it was asked to stop.
    """

    name: str
    request: Request
    state: State
    status: dict[str, Any]
    cancelled: float | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it is waiting or running."""
        return self.state not in ENDED

    @property
    def is_stuck(self) -> bool:
        """Whether it was asked to stop long ago, and did not."""
        return self.is_alive and self.cancelled is not None and abs(time.time() - self.cancelled) >= SECONDS_TO_STOP


@dataclass
class JobQueue:
    """The jobs of one results folder."""

    results: Path
    _waiting: list[Thread] = field(default_factory=list)

    def submit(self, request: Request) -> Job:
        """Start the process of a new job. If a job for the same work is waiting or running, that job is returned.

        Submissions are serialised, also between several servers of the same results, so a double click starts one job.
        """
        with in_turn(submission_lock(self.results)):
            return self._submit(request)

    def _submit(self, request: Request) -> Job:
        for job in self.jobs():
            if job.is_alive and _work(job.request) == _work(request):
                return job
        remove(unsubmitted_jobs(self.results))
        name = _later_than(job_names(self.results))
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
        """All jobs, oldest first. A folder without a complete request was never started and is left out."""
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
        """Ask the job to stop: training finishes its epoch and can be continued.

        If asked again after `SECONDS_TO_STOP`, the job is killed; if asked earlier, nothing happens.
        """
        asked = self.get(name).cancelled
        paths = JobPaths.under(self.results, name)
        if asked is None:
            write_json(paths.cancel, {"asked": time.time()})  # first, so that a process that starts now sees it
        job = self.get(name)
        pid = job.status.get("pid")
        if isinstance(pid, int) and is_locked(paths.lock):
            with suppress(ProcessLookupError):  # it may have ended since
                if asked is None:
                    os.kill(pid, signal.SIGTERM)
                elif job.is_stuck:
                    os.killpg(pid, signal.SIGKILL)

    def log(self, name: str) -> str:
        """The end of the log of the job's process."""
        path = JobPaths.under(self.results, self.get(name).name).log
        with suppress(FileStateError):
            return read_end(path, REMEDY, LOG_BYTES).decode(errors="replace")
        return ""

    def _start(self, paths: JobPaths) -> None:
        with paths.log.open("ab") as log:
            process = subprocess.Popen(
                # -P: no file in the folder of the server is imported as a module
                [sys.executable, "-P", "-m", "headlapse.jobs.runner", str(self.results.resolve()), paths.root.name],
                cwd=self.results,  # the folder of the server may be gone
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        waiting = Thread(target=process.wait, daemon=True)  # a process that nobody waits for stays a zombie
        waiting.start()
        self._waiting = [thread for thread in (*self._waiting, waiting) if thread.is_alive()]


def _work(request: Request) -> tuple[str, ...]:
    """The key that two requests for the same work share."""
    analyzers = request.analyzers if isinstance(request, AnalyzeRequest) else []
    return request.kind, request.family, request.variant, *analyzers


def _later_than(names: Sequence[str]) -> str:
    """A name for a new job, which sorts after these even if the clock was set back."""
    newest = max((int(name[:DIGITS]) for name in names if name[:DIGITS].isdecimal()), default=0)
    return f"{max(time.time_ns(), newest + 1):0{DIGITS}d}_{secrets.token_hex(3)}"


def read_job(results: Path, name: str) -> Job:
    """The job as it is now. If its process died without a final status, it has failed, or was ended because it did not stop."""
    paths = JobPaths.under(results, name)
    request = from_json(read_json(paths.request, REMEDY, RECORD_BYTES))
    status, asked = _status(paths), _asked(paths)
    if status["state"] == "queued" and asked is not None:  # its process will see that before it works
        return Job(name, request, "cancelled", status, asked)
    if status["state"] not in ENDED and not is_locked(paths.lock):
        status = _status(paths)  # it may have ended since
        if status["state"] not in ENDED and asked is not None:
            return Job(name, request, "cancelled", status, asked)
        if status["state"] not in ENDED and not _is_starting(status):
            return Job(name, request, "failed", status | {"error": DIED})
    return Job(name, request, status["state"], status, asked)


def _asked(paths: JobPaths) -> float | None:
    """When the job was asked to stop; the time 0 if that cannot be read."""
    if not paths.cancel.exists():
        return None
    try:
        return float(read_json(paths.cancel, REMEDY, RECORD_BYTES)["asked"])
    except (FileStateError, KeyError, TypeError, ValueError):
        return 0.0


def _status(paths: JobPaths) -> dict[str, Any]:
    try:
        return read_json(paths.status, REMEDY, RECORD_BYTES)
    except FileStateError as error:
        return {"state": "failed", "error": str(error)}


def _is_starting(status: dict[str, Any]) -> bool:
    return status["state"] == "queued" and "pid" not in status and abs(time.time() - status["updated"]) < SECONDS_TO_START
