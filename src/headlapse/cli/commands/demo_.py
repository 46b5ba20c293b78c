"""headlapse demo"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from headlapse.cli.options import DEFAULT_RESULTS, Results
from headlapse.cli.serving import Open, Port, Token, serve_announced

FAMILY = "modulo_addition_1layer"
TEST_EVERY = 20  # a smooth enough curve, in two thirds of the time
SECONDS_TO_SAVE = 20


def command(
    results: Results = DEFAULT_RESULTS,
    port: Port = None,
    epochs: Annotated[str | None, typer.Option(help="Optimizer steps; the published 25,000 by default.")] = None,
    token: Token = None,
    open_browser: Open = False,
) -> None:
    """Train the published experiment (p = 113, seed 999) and watch its heads form, live. Ctrl-C stops both safely."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    # a session of its own: Ctrl-C reaches this process alone, which then asks the training to stop, once
    training = subprocess.Popen(_training_command(results, epochs), start_new_session=True)
    try:
        serve_announced(results, port, host="127.0.0.1", token=token, open_browser=open_browser)
    finally:
        _stop(training)


def _training_command(results: Path, epochs: str | None) -> list[str]:
    train = ["train", FAMILY, "--results", str(results), "--test-every", str(TEST_EVERY)]
    command = [sys.executable, "-P", "-m", "headlapse", *train]  # -P: nothing in the user's folder is taken for a module
    return command if epochs is None else [*command, "--epochs", epochs]


def _stop(training: subprocess.Popen[bytes]) -> None:
    """Ask the training to stop; it finishes its epoch and saves."""
    if training.poll() is None:
        training.terminate()
    try:
        training.wait(timeout=SECONDS_TO_SAVE)
    except subprocess.TimeoutExpired:
        training.kill()
