"""The process of one job: `python -m headlapse.jobs.runner RESULTS JOB`."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from headlapse.errors import HeadlapseError, UnknownNameError, counted
from headlapse.jobs.progress import Report
from headlapse.jobs.queue import JobQueue, read_job
from headlapse.jobs.request import AnalyzeRequest, Request, TrainRequest
from headlapse.results.discovery import open_run
from headlapse.results.paths import RECORDED, JobPaths, variant_folders
from headlapse.results.run import Run
from headlapse.results.variant import Variant
from headlapse.storage.lock import locked
from headlapse.system import refusals
from headlapse.system.interrupts import end_on_sigterm
from headlapse.system.output import lasting
from headlapse.workbench import FamilyRegistry

SECONDS_BETWEEN_LOOKS = 0.5


def main(results: Path, name: str) -> int:
    """Lock the job, wait for its turn, and do it; the status says how it ended. Returns the exit code."""
    end_on_sigterm()
    paths = JobPaths.under(results, name)
    report = Report(paths.status, {"pid": os.getpid()})
    with locked(paths.lock, "work"):
        try:
            request = read_job(results, name).request
            report.write("queued")
            _wait_for_turn(results, name, paths)
            report.write("running")
            _work(results, request, report)
            report.write("finished")
        except (KeyboardInterrupt, SystemExit):
            report.write("cancelled")
            return 128 + signal.SIGTERM
        except Exception as error:  # noqa: BLE001 -- the boundary of the process: whatever ended it is for the user to see
            traceback.print_exc()
            report.write("failed", error=str(error) if isinstance(error, HeadlapseError) else refusals.in_words(error))
            return 1
    return 0


def _wait_for_turn(results: Path, name: str, paths: JobPaths) -> None:
    while not paths.cancel.exists():
        if not any(job.is_alive for job in JobQueue(results).jobs() if job.name < name):
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)
    raise SystemExit


def _work(results: Path, request: Request, report: Report) -> None:
    families = FamilyRegistry(*request.families)
    if request.family != RECORDED:
        families.get(request.family)  # report an unknown variant before anything else
    if isinstance(request, TrainRequest):
        from headlapse.training import train

        family = families.get(request.family)
        variant = Variant(family, family.resolve(request.settings), results)
        train(variant, epochs=request.epochs, checkpoint_every=request.checkpoint_every, progress=report)
    else:
        _analyze(open_run(_folder(results, request), families.get), request.analyzers, report)


def _folder(results: Path, request: AnalyzeRequest) -> Path:
    """The folder of an existing run; the content of a request never becomes a path."""
    for folder in variant_folders(results):
        if (folder.parent.name, folder.name) == (request.family, request.variant):
            return folder
    raise UnknownNameError(f"there is no variant {request.family}/{request.variant} any more")


def _analyze(run: Run, analyzers: list[str], report: Report) -> None:
    from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig

    outcome: Any = AnalysisPipeline(run, AnalysisRunConfig(analyzers or None)).run(report.count)
    report.note(str(outcome))
    if outcome.failed:
        first = outcome.failed[0]
        raise HeadlapseError(f"{counted(len(outcome.failed), 'epoch')} failed; epoch {first.epoch:,}: {first.reason}")


if __name__ == "__main__":
    sys.stdout, sys.stderr = lasting(sys.stdout), lasting(sys.stderr)  # a log that cannot be written costs no job its outcome
    code = main(Path(sys.argv[1]), sys.argv[2])
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # asked once more to stop, it keeps its exit code
    sys.exit(code)
