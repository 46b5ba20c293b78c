"""Jobs that are asked for twice, and jobs whose files are damaged."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from headlapse.errors import HeadlapseError
from headlapse.jobs import AnalyzeRequest, JobQueue, TrainRequest, runner
from headlapse.results.paths import JobPaths
from headlapse.storage.atomic import write_json
from tests.waiting import SECONDS

REQUEST = TrainRequest("modulo_addition_1layer", "modulo_addition_1layer_p7_seed999_dseed598", {"prime": 7}, 10, 5)


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JobQueue:
    """A queue whose jobs never get a process."""
    monkeypatch.setattr(JobQueue, "_start", lambda self, paths: None)
    return JobQueue(tmp_path)


def test_many_clicks_start_one_job(queue: JobQueue) -> None:
    with ThreadPoolExecutor(8) as clicks:
        names = {job.name for job in clicks.map(lambda _: queue.submit(REQUEST), range(24))}
    assert len(names) == len(queue.jobs()) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"kind": "train"}'])
def test_a_damaged_job_hides_no_other(queue: JobQueue, content: bytes) -> None:
    whole = queue.submit(REQUEST)
    JobPaths.under(queue.results, "00000000000000000000_aaaaaa").root.mkdir(parents=True)
    JobPaths.under(queue.results, "00000000000000000000_aaaaaa").request.write_bytes(content)
    write_json(JobPaths.under(queue.results, "00000000000000000000_bbbbbb").request, {"kind": "sing"})
    assert [job.name for job in queue.jobs()] == [whole.name]


def test_a_damaged_status_is_a_failed_job(queue: JobQueue) -> None:
    job = queue.submit(REQUEST)
    JobPaths.under(queue.results, job.name).status.write_bytes(b"{")
    (found,) = queue.jobs()
    assert found.state == "failed" and "status.json" in found.status["error"]


def test_a_pipe_in_place_of_a_log_is_not_waited_for(queue: JobQueue) -> None:
    job = queue.submit(REQUEST)
    os.mkfifo(JobPaths.under(queue.results, job.name).log)
    assert queue.log(job.name) == ""


def test_a_damaged_job_is_not_waited_for(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = JobPaths.under(queue.results, "00000000000000000000_aaaaaa")
    damaged.root.mkdir(parents=True)
    damaged.request.write_bytes(b"{")
    job = queue.submit(AnalyzeRequest("no_such_family", "x", {}))
    monkeypatch.setattr(runner.signal, "signal", lambda *_: None)
    assert runner.main(queue.results, job.name) == 1
    assert "unknown family" in queue.get(job.name).status["error"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no file that is always full")
def test_a_log_on_a_full_disk_hides_no_outcome(queue: JobQueue) -> None:
    job = queue.submit(AnalyzeRequest("no_such_family", "x", {}))
    command = [sys.executable, "-P", "-m", "headlapse.jobs.runner", str(queue.results), job.name]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, stdout=full, stderr=full, check=False, timeout=SECONDS)
    assert ended.returncode == 1
    assert "unknown family" in queue.get(job.name).status["error"]


def test_a_process_that_cannot_start_leaves_no_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr("headlapse.jobs.queue.subprocess.Popen", refuse)
    with pytest.raises(HeadlapseError, match=r"Cannot allocate memory.*start the job again"):
        JobQueue(tmp_path).submit(REQUEST)
    assert JobQueue(tmp_path).jobs() == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".jobs").write_text("a file where the folder should be")
    with pytest.raises(HeadlapseError, match=r"cannot write .*\.jobs"):
        JobQueue(tmp_path).submit(REQUEST)


def test_cancelling_spares_a_process_that_took_over_the_number(queue: JobQueue) -> None:
    """The job died and the system gave its number to another process: whoever holds no lock is not asked to stop."""
    job = queue.submit(REQUEST)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        write_json(JobPaths.under(queue.results, job.name).status, {"state": "running", "pid": innocent.pid})
        queue.cancel(job.name)
        innocent.communicate(b"\n")
    assert innocent.returncode == 0


def test_a_submission_that_was_killed_leaves_nothing_for_long(queue: JobQueue) -> None:
    killed = JobPaths.under(queue.results, "00000000000000000000_aaaaaa")
    write_json(killed.status, {"state": "queued"})
    kept = JobPaths.under(queue.results, "00000000000000000000_bbbbbb")
    kept.root.mkdir()
    kept.request.write_bytes(b"{")
    queue.submit(REQUEST)
    assert not killed.root.exists() and kept.request.exists()


def test_a_job_comes_after_the_others_also_where_the_clock_was_set_back(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queue.submit(REQUEST)
    monkeypatch.setattr("headlapse.jobs.queue.time.time_ns", lambda: 1_000)
    second = queue.submit(replace(REQUEST, variant="another"))
    assert [job.name for job in queue.jobs()] == [first.name, second.name]


def test_variants_of_two_families_may_have_one_name(queue: JobQueue) -> None:
    names = {queue.submit(replace(REQUEST, family=family)).name for family in ("one", "another", "one")}
    assert len(names) == len(queue.jobs()) == 2


def test_a_clock_set_back_keeps_no_dead_job_waiting_and_no_job_from_being_ended(tmp_path: Path) -> None:
    paths = JobPaths.under(tmp_path, "00000000000000000001_aaaaaa")
    tomorrow = time.time() + 86_400
    write_json(paths.status, {"state": "queued", "updated": tomorrow})
    write_json(paths.request, {"kind": "analyze", "family": "x", "variant": "x", "settings": {}})
    (job,) = JobQueue(tmp_path).jobs()
    assert job.state == "failed"
    assert replace(job, state="running", cancelled=tomorrow).is_stuck
