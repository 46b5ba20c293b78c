"""What tests wait for: a condition, never a time. The bounds are for a machine on which much else is going on."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

SECONDS = 300.0
PAUSE = 0.05


def until(is_so: Callable[[], Any], said: Callable[[], object] = lambda: "", seconds: float = SECONDS) -> None:
    """Return once `is_so()`; after `seconds` fail with what is `said()` then."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, said()
        time.sleep(PAUSE)


def eventually(check: Callable[[], Any], seconds: float = SECONDS) -> None:
    """Return once `check()` passes; after `seconds` its last `AssertionError` is raised."""
    end = time.monotonic() + seconds
    while True:
        try:
            check()
        except AssertionError:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)
        else:
            return


@contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process that does not outlive the test, however that ends."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.kill()
