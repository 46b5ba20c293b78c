"""End a process once its input ends, because then the process that started it is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

SECONDS_TO_SAVE = 8.0


def end_with_input(seconds_to_save: float = SECONDS_TO_SAVE) -> None:
    """From now on, send SIGTERM to this process at the end of its input, and kill it if it takes too long to end."""
    threading.Thread(target=_wait_and_end, args=[seconds_to_save], daemon=True).start()


def _wait_and_end(seconds_to_save: float) -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(seconds_to_save)
    os._exit(128 + signal.SIGTERM)
