"""The command `headlapse demo`."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from headlapse.cli.options import DEFAULT_RESULTS, Results, Threads, WholeOption, registry
from headlapse.cli.serving import Open, Port, Token, serve_announced
from headlapse.extras import need
from headlapse.system.interrupts import end_on_sigterm, raise_if_terminated

FAMILY = "modulo_addition_1layer"
TEST_EVERY = 20  # a smooth enough curve, in two thirds of the time
SECONDS_TO_SAVE = 20


def command(
    results: Results = DEFAULT_RESULTS,
    port: Port = None,
    epochs: Annotated[str | None, WholeOption(help="Optimizer steps; the published 25,000 by default.")] = None,
    threads: Threads = None,
    token: Token = None,
    open_browser: Open = False,
) -> None:
    """Train the published experiment (p = 113, seed 999) and watch its heads form, live. Ctrl-C stops both safely."""
    need("torch")
    if epochs is not None:
        registry(None).get(FAMILY).spec.schedule.epochs.parse("epochs", epochs)
    end_on_sigterm()
    with ExitStack() as at_the_end:

        def begin_training() -> None:
            # its own session: Ctrl-C reaches only this process, which then asks the training to stop, once;
            # a pipe as input: the training also stops if this process ends at once
            command = _training_command(results, epochs, threads)
            at_the_end.callback(_stop, subprocess.Popen(command, start_new_session=True, stdin=subprocess.PIPE))

        serve_announced(results, port, begin=begin_training, host="127.0.0.1", token=token, open_browser=open_browser)
    raise_if_terminated()  # the server returns as it does after Ctrl-C


def _training_command(results: Path, epochs: str | None, threads: int | None) -> list[str]:
    options = {"--results": results, "--test-every": TEST_EVERY, "--epochs": epochs, "--threads": threads}
    given = [str(part) for name, value in options.items() if value is not None for part in (name, value)]
    return [
        sys.executable,
        "-P",
        "-m",
        "headlapse.cli.attended",
        "train",
        FAMILY,
        *given,
    ]  # -P: no file in the current folder is imported as a module


def _stop(training: subprocess.Popen[bytes]) -> None:
    """Ask the training to stop; it finishes its epoch and saves."""
    if training.poll() is None:
        training.terminate()
    try:
        training.wait(timeout=SECONDS_TO_SAVE)
    except subprocess.TimeoutExpired:
        training.kill()
