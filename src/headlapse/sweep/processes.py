"""Processes of this machine that train runs: one for each run, or one for many that train together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from headlapse.errors import HeadlapseError
from headlapse.sweep.order import Order, Outcome
from headlapse.system import openmp

PAUSE = 0.02  # seconds between two looks at the processes
MOST_IN_A_BATCH = 64  # runs; as many train at once as fit into the memory of the GPU


@dataclass
class Processes:
    """At most `slots` processes, by their number."""

    slots: int
    _started: dict[int, _Process] = field(default_factory=dict)

    def start(self, order: Order) -> int:
        process = _Process([order])
        self._started[process.pid] = process
        return process.pid

    def ended(self, seconds: float) -> Iterator[tuple[int, Outcome]]:
        _wait(seconds, lambda: any(process.has_ended for process in self._started.values()))
        for pid in [pid for pid, process in self._started.items() if process.has_ended]:
            yield pid, self._started.pop(pid).outcomes()[0]

    def stop(self) -> None:
        for process in self._started.values():
            process.stop()

    def kill(self) -> None:
        """End all processes at once."""
        for process in self._started.values():
            process.kill()


@dataclass
class Batches:
    """One process at a time, which trains all waiting runs together."""

    slots: int = MOST_IN_A_BATCH
    _waiting: list[tuple[int, Order]] = field(default_factory=list)
    _withdrawn: list[int] = field(default_factory=list)  # by `stop`, before their process began
    _together: list[int] = field(default_factory=list)
    _process: _Process | None = None
    _count: int = 0

    def start(self, order: Order) -> int:
        self._count += 1
        self._waiting.append((self._count, order))
        return self._count

    def ended(self, seconds: float) -> Iterator[tuple[int, Outcome]]:
        yield from ((number, Outcome("cancelled")) for number in self._withdrawn)
        self._withdrawn = []
        process = self._process or self._begin()
        _wait(seconds, lambda: process is None or process.has_ended)
        if process is not None and process.has_ended:
            self._process = None
            yield from zip(self._together, process.outcomes(), strict=True)

    def stop(self) -> None:
        self._withdrawn, self._waiting = [number for number, _ in self._waiting], []
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.kill()

    def _begin(self) -> _Process | None:
        if not self._waiting:
            return None
        self._together, orders = [list(each) for each in zip(*self._waiting, strict=True)]
        self._waiting, self._process = [], _Process(orders)
        return self._process


def _wait(seconds: float, has_ended: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not has_ended() and time.monotonic() < end:
        time.sleep(PAUSE)


class _Process:
    """A process that trains runs. An open input tells it that the sweep still waits for it."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self._n_runs = len(orders)
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
        with suppress(BrokenPipeError):  # it died at once, which its outcome reports
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps([order.to_json() for order in orders]) + "\n")
            self._process.stdin.flush()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def outcomes(self) -> list[Outcome]:
        """How each run ended. If the process gave no answer, it died, and the end of its output may give the reason."""
        said, _ = self._process.communicate()
        lines = said.splitlines()
        with self._said:
            if self._process.returncode == 0 and lines:
                return [Outcome(**each) for each in json.loads(lines[-1])]
            self._said.seek(0)
            died = Outcome("died", _why(self._process.returncode, self._said.read().decode(errors="replace")))
            return [died] * self._n_runs

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
