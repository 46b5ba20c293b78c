"""Whether a process is alive, asked at any moment of its end."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from headlapse.system import processes
from tests.waiting import running, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a lock tells there")


def test_a_process_is_alive_until_it_is_killed_and_its_number_alone_does_not_count():
    began = processes.started(os.getpid())
    assert processes.is_alive(os.getpid(), began) and not processes.is_alive(os.getpid(), f"{began}0")
    with running(["sleep", "300"]) as child:
        began = processes.started(child.pid)
        assert processes.is_alive(child.pid, began)
        child.kill()
        until(lambda: not processes.is_alive(child.pid, began))


def test_a_process_that_is_waited_for_between_two_looks_is_dead(monkeypatch):
    look = processes._state_and_start
    with running(["sleep", "300"], stdout=subprocess.DEVNULL) as child:
        began = processes.started(child.pid)
        child.kill()

        def look_after_it_is_gone(pid):
            child.wait()
            return look(pid)

        monkeypatch.setattr(processes, "_state_and_start", look_after_it_is_gone)
        assert not processes.is_alive(child.pid, began)


def test_without_times_of_processes_their_number_counts(monkeypatch):
    monkeypatch.setattr(processes, "_state_and_start", lambda _: ("", ""))
    assert processes.is_alive(os.getpid(), "")
