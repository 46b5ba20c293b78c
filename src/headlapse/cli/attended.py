"""`python -m headlapse.cli.attended train …`: a command that stops when its input, a pipe, ends with whoever started it."""

from __future__ import annotations

import runpy

from headlapse.system.end_with_input import end_with_input

if __name__ == "__main__":
    end_with_input()
    runpy.run_module("headlapse", run_name="__main__", alter_sys=True)
