"""The first Ctrl-C ends a command cleanly, the second at once; SIGTERM ends a process that works for another one cleanly."""

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


def end_on_sigterm() -> None:
    """From now on, SIGTERM raises `SystemExit`, so that what is open is closed and how the work ended is said."""
    signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, _exit_again)
    raise SystemExit(128 + number)


def _exit_again(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def raise_if_one_was_lost() -> None:
    """Raise again what was raised where Python ignores exceptions, e.g. in a callback of an import."""
    if signal.getsignal(signal.SIGINT) is end_at_once:
        raise KeyboardInterrupt
    raise_if_terminated()


def raise_if_terminated() -> None:
    """Raise again what SIGTERM raised where it was ignored or caught, e.g. by a server that ends for it."""
    if signal.getsignal(signal.SIGTERM) is _exit_again:
        raise SystemExit(128 + signal.SIGTERM)
