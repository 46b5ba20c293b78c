"""The process of the `headlapse` command, and of `python -m headlapse`."""

from __future__ import annotations

import signal
import sys

from headlapse.system.interrupts import INTERRUPTED, end_in_order, raise_if_one_was_lost


def run() -> None:
    """Run the command and exit with its exit code.

    Ctrl-C ends the command cleanly, and a second Ctrl-C ends the process at once. After the command has ended, Ctrl-C is
    ignored. At no time does Ctrl-C print a traceback or change the exit code of the command.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # otherwise the parent process ignores it
        signal.signal(signal.SIGINT, end_in_order)
    code: str | int | None = INTERRUPTED
    try:
        code = _command()
        _ignore_signals()
    except KeyboardInterrupt:  # while the command was imported, or an earlier one was answered; the next ends the process
        _ignore_signals()
    sys.exit(code)


def _command() -> str | int | None:
    from headlapse.cli import main
    from headlapse.system.output import drop_unwritten, outlast_readers

    outlast_readers()
    raise_if_one_was_lost()
    try:
        main()
    except SystemExit as ended:
        return ended.code
    finally:
        drop_unwritten()
    return 0


def _ignore_signals() -> None:
    """Also during the end of the interpreter and the exit handlers of libraries, when no Python handler runs any more."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    run()
