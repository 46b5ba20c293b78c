"""Here: one process per run, as many at once as the CPUs and the memory allow."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, ClassVar

from headlapse.errors import HeadlapseError
from headlapse.sweep.driver import Tally
from headlapse.sweep.estimate import runs_at_once
from headlapse.sweep.order import Order, Outcome
from headlapse.sweep.places import PlaceRegistry
from headlapse.sweep.work import Work
from headlapse.system import openmp
from headlapse.system.cpus import usable_cpus

PAUSE = 0.02  # seconds between two looks at the processes


class Local:
    """Processes of this machine, each a session of its own: Ctrl-C reaches the sweep, which asks them to stop."""

    name: ClassVar[str] = "local"
    options: ClassVar[Mapping[str, str]] = {}

    def cpus(self) -> int:
        return usable_cpus()

    def at_once(self, threads: int, memory: int) -> int:
        return runs_at_once(threads, self.cpus(), memory)

    def run(self, work: Work) -> Tally:
        with _ended_with(Processes(self.at_once(work.sums.threads, work.estimate.memory))) as processes:
            return work.drive(processes)


@contextmanager
def _ended_with(processes: Processes) -> Iterator[Processes]:
    """Whatever ends the block, no process outlives it; one that is ended here goes on from where it last saved."""
    try:
        yield processes
    finally:
        processes.kill()


@dataclass
class Processes:
    """At most `slots` processes, by their number."""

    slots: int
    _started: dict[int, _Process] = field(default_factory=dict)

    def start(self, order: Order) -> int:
        process = _Process(order)
        self._started[process.pid] = process
        return process.pid

    def ended(self, seconds: float) -> Iterator[tuple[int, Outcome]]:
        end = time.monotonic() + seconds
        while not (found := [pid for pid, process in self._started.items() if process.has_ended]):
            if time.monotonic() > end:
                return
            time.sleep(PAUSE)
        for pid in found:
            yield pid, self._started.pop(pid).outcome()

    def stop(self) -> None:
        for process in self._started.values():
            process.stop()

    def kill(self) -> None:
        """End all processes at once."""
        for process in self._started.values():
            process.kill()


class _Process:
    """The process of one run. While its input is open it knows that somebody waits for it."""

    def __init__(self, order: Order) -> None:
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when its outcome is read
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "headlapse.sweep.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env={**os.environ, **openmp.choice(os.environ, shared=True)},
                start_new_session=True,
                text=True,
            )
        except OSError as error:
            raise HeadlapseError(f"no process can be started: {error}; free some memory and run again") from error
        self.pid = self._process.pid
        with suppress(BrokenPipeError):  # it died at once, which its outcome says
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(order.to_json()) + "\n")
            self._process.stdin.flush()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def outcome(self) -> Outcome:
        """How it ended; without a word it died, and the end of what it said on the way may tell why."""
        said, _ = self._process.communicate()
        lines = said.splitlines()
        with self._said:
            if self._process.returncode == 0 and lines:
                return Outcome(**json.loads(lines[-1]))
            self._said.seek(0)
            return Outcome("died", _why(self._process.returncode, self._said.read().decode(errors="replace")))

    def stop(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._said.close()


def _why(code: int, said: str) -> str:
    if code < 0:
        return f"its process was killed by {signal.Signals(-code).name}"
    last = said.strip().splitlines()[-1:] or [f"with exit code {code}"]
    return f"The process exited without reporting a result: {last[0]}"


PlaceRegistry.register(Local())
