"""The first Ctrl-C ends a command cleanly, the second at once."""

from __future__ import annotations

import os
import signal
from types import FrameType

INTERRUPTED = 130


def end_in_order(number: int, _frame: FrameType | None) -> None:
    """Answer the first Ctrl-C."""
    signal.signal(number, end_at_once)
    raise KeyboardInterrupt


def end_at_once(_number: int, _frame: FrameType | None) -> None:
    """Answer the second."""
    os._exit(INTERRUPTED)


def raise_if_one_was_lost() -> None:
    """Raise `KeyboardInterrupt` if the first was raised where Python ignores exceptions, e.g. in a callback of an import."""
    if signal.getsignal(signal.SIGINT) is end_at_once:
        raise KeyboardInterrupt
