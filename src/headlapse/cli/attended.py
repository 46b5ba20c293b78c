"""`python -m headlapse.cli.attended train …`: a command that stops when its input, a pipe, ends with whoever started it."""

from __future__ import annotations

import runpy

from headlapse.system.end_with_input import end_with_input

SECONDS_TO_SAVE = 60.0  # on a busy machine the first epoch and its checkpoint take longer than usual

if __name__ == "__main__":
    end_with_input(SECONDS_TO_SAVE)
    runpy.run_module("headlapse", run_name="__main__", alter_sys=True)
