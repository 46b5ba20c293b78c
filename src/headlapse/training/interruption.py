"""Ctrl-C and SIGTERM ask a run to stop after the epoch it is in; a second one ends it at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from headlapse.system.interrupts import raise_if_one_was_lost


class Interruption:
    """The signal that asked to stop, if any."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def __bool__(self) -> bool:
        return self.signal is not None

    def raise_if_asked(self) -> None:
        """End the process as the signal would have done."""
        if self.signal == signal.SIGINT:
            raise KeyboardInterrupt
        if self.signal is not None:
            raise SystemExit(128 + self.signal)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Within the block, the first SIGINT or SIGTERM is noted and does not end the process. Only in the main thread.

    Raises `KeyboardInterrupt` or `SystemExit` if one was lost before.
    """
    asked = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    raise_if_one_was_lost()

    def note(number: int, _frame: FrameType | None) -> None:
        if asked:
            asked.signal = number
            asked.raise_if_asked()
        asked.signal = number

    previous = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
