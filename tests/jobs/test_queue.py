"""Jobs are real processes: they wait for each other, stop when asked, and what became of them is on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from headlapse.errors import InvalidValueError, UnknownNameError
from headlapse.jobs import AnalyzeRequest, JobQueue, TrainRequest
from headlapse.jobs.request import from_json, to_json
from headlapse.results.checkpoints import write_checkpoint
from headlapse.results.import_source import ImportSource
from headlapse.results.records import write_config
from headlapse.workbench import Variant
from tests.waiting import SECONDS, until


@pytest.fixture
def queue(tmp_path) -> Iterator[JobQueue]:
    queue = JobQueue(tmp_path)
    yield queue
    for job in queue.jobs():
        queue.cancel(job.name)
    for waiting in queue._waiting:
        waiting.join(SECONDS)


def request(family, seed: int = 0, epochs: int = 1_000_000) -> TrainRequest:
    settings = family.resolve({"prime": 7, "train_fraction": 0.6, "seed": seed})
    return TrainRequest(family.name, family.variant_name(settings), settings, epochs, checkpoint_every=100_000)


def wait_for(queue: JobQueue, name: str, *states: str) -> None:
    """Until the job is in one of `states`."""
    until(lambda: queue.get(name).state in states, said=lambda: (queue.get(name), queue.log(name)))


def wait_for_epochs(queue: JobQueue, name: str, more_than: int = 0) -> None:
    """Until the job has got further than that epoch, which it can only while it runs."""
    until(lambda: queue.get(name).status.get("epoch", 0) > more_than, said=lambda: (queue.get(name), queue.log(name)))


def test_second_job_waits_for_the_first_and_both_stop_when_asked(queue, family, tmp_path):
    first = queue.submit(request(family, seed=0))
    second = queue.submit(request(family, seed=1))
    wait_for_epochs(queue, first.name)
    assert (queue.get(first.name).state, queue.get(second.name).state) == ("running", "queued")
    queue.cancel(second.name)
    wait_for(queue, second.name, "cancelled")
    queue.cancel(first.name)
    wait_for(queue, first.name, "cancelled")
    variant = Variant(family, first.request.settings, tmp_path)
    assert variant.state == "cancelled"
    assert len(variant.losses) == variant.status["epoch"] > 0, "what was trained is saved"


SERVER = """
import json, sys
from pathlib import Path
from headlapse.jobs import JobQueue
from headlapse.jobs.request import from_json
print(JobQueue(Path(sys.argv[1])).submit(from_json(json.loads(sys.argv[2]))).name, flush=True)
sys.stdin.read()
"""


def test_a_job_outlives_the_server_that_started_it(queue, family):
    """Ctrl-C in a terminal, or its closing, reaches every process of the server's session."""
    command = [sys.executable, "-c", SERVER, str(queue.results), json.dumps(to_json(request(family)))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, start_new_session=True, **pipes) as server:
        name = server.stdout.readline().strip()
        wait_for_epochs(queue, name)
        os.killpg(server.pid, signal.SIGKILL)
    wait_for_epochs(queue, name, more_than=queue.get(name).status["epoch"])
    assert queue.get(name).state == "running"
    queue.cancel(name)
    wait_for(queue, name, "cancelled")


def test_same_work_is_not_started_twice(queue, family):
    assert queue.submit(request(family)).name == queue.submit(request(family)).name


def test_finished_training_is_analysed_and_remembered(queue, family, tmp_path):
    job = queue.submit(request(family, epochs=20))
    wait_for(queue, job.name, "finished", "failed")
    assert JobQueue(tmp_path).get(job.name).state == "finished"
    assert Variant(family, job.request.settings, tmp_path).state == "analysed"
    pid = queue.get(job.name).status["pid"]
    until(lambda: not is_there(pid), said=lambda: pid)  # nobody looks after the queue, and yet no zombie stays


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_imported_variant_is_analysed_under_its_own_name(queue, family, trained, tmp_path):
    imported = Variant(family, trained.settings, tmp_path, ImportSource("somebody_elses", "weights.pt", "a layout"))
    write_config(imported, {}, {})
    write_checkpoint(imported.paths.checkpoint(20), trained.checkpoint(20).weights, imported.identity(20))
    job = queue.submit(AnalyzeRequest(family.name, imported.name, dict(imported.settings)))
    wait_for(queue, job.name, "finished", "failed")
    assert imported.artifacts.get_epochs("attention_patterns") == [20], queue.log(job.name)


def test_named_analyzers_are_run_and_are_work_of_their_own(trained_copy):
    queue, names = JobQueue(trained_copy.results), (trained_copy.family.name, trained_copy.name, dict(trained_copy.settings))
    jobs = [queue.submit(AnalyzeRequest(*names, analyzers=[each])) for each in ("head_ablation", "head_scores", "head_scores")]
    assert jobs[1].name == jobs[2].name != jobs[0].name
    for job, analyzer in zip(jobs, ("head_ablation", "head_scores"), strict=False):
        wait_for(queue, job.name, "finished", "failed")
        assert trained_copy.artifacts.get_epochs(analyzer) == [0, 20, 40, 60], queue.log(job.name)


@pytest.mark.parametrize("name", ["no_such_variant", "../elsewhere", ""])
def test_a_variant_that_is_not_there_is_not_looked_for_elsewhere(queue, family, name):
    job = queue.submit(AnalyzeRequest(family.name, name, {"prime": 7}))
    wait_for(queue, job.name, "failed")
    assert "there is no variant" in queue.get(job.name).status["error"]


def test_files_where_the_server_was_started_are_not_run(queue, family, tmp_path, monkeypatch):
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name in ("filelock", "numpy", "torch", "headlapse"):
        (folder / f"{name}.py").write_text(f"import pathlib; pathlib.Path({str(folder / 'run')!r}).touch(); raise SystemExit")
    monkeypatch.chdir(folder)
    job = queue.submit(AnalyzeRequest(family.name, "no_such_variant", {"prime": 7}))
    wait_for(queue, job.name, "failed")
    assert not (folder / "run").exists() and "there is no variant" in queue.get(job.name).status["error"]


def test_killed_process_counts_as_failed(queue, family):
    job = queue.submit(request(family))
    wait_for_epochs(queue, job.name)
    os.kill(queue.get(job.name).status["pid"], signal.SIGKILL)
    wait_for(queue, job.name, "failed")
    assert "exited without reporting a result" in queue.get(job.name).status["error"]


def test_failure_is_told_in_one_line_and_in_the_log(queue, family):
    job = queue.submit(AnalyzeRequest("no_such_family", "x", {}))
    wait_for(queue, job.name, "failed")
    assert "unknown family 'no_such_family'" in queue.get(job.name).status["error"]
    assert "Traceback" in queue.log(job.name)


def test_unknown_job_and_foreign_request(queue, family):
    with pytest.raises(UnknownNameError, match=r"\.\./x"):
        queue.cancel("../x")
    with pytest.raises(InvalidValueError, match="not the request of a job"):
        from_json({"kind": "shell", "command": "rm"})
    assert from_json(to_json(request(family))) == request(family)


def stopping_at_nothing(queue: JobQueue, name: str) -> int:
    """The number of the job's process, which from now on does not hear of signals."""
    wait_for_epochs(queue, name)
    pid = queue.get(name).status["pid"]
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_a_job_that_does_not_stop_is_ended_when_asked_again_later(queue, family, tmp_path, monkeypatch):
    job = queue.submit(request(family))
    pid = stopping_at_nothing(queue, job.name)
    monkeypatch.setattr("headlapse.jobs.queue.SECONDS_TO_STOP", SECONDS)
    queue.cancel(job.name)
    queue.cancel(job.name)
    found = queue.get(job.name)
    assert (found.state, found.is_stuck) == ("running", False), "two clicks in a row are one request to stop"
    monkeypatch.setattr("headlapse.jobs.queue.SECONDS_TO_STOP", 0.0)
    assert queue.get(job.name).is_stuck
    queue.cancel(job.name)
    wait_for(queue, job.name, "cancelled")
    queue._waiting[0].join(SECONDS)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    variant = Variant(family, job.request.settings, tmp_path)
    assert variant.state == "failed" and variant.paths.training_state.exists(), "it can be continued"


def test_two_clicks_on_cancel_do_not_cost_what_was_not_saved(queue, family, tmp_path, monkeypatch):
    monkeypatch.setattr("headlapse.jobs.queue.SECONDS_TO_STOP", SECONDS)
    job = queue.submit(request(family))
    wait_for_epochs(queue, job.name)
    reached = queue.get(job.name).status["epoch"]
    for _ in range(3):
        queue.cancel(job.name)
    wait_for(queue, job.name, "cancelled")
    variant = Variant(family, job.request.settings, tmp_path)
    assert variant.state == "cancelled" and variant.status["epoch"] >= reached
