"""Asked to stop, a run finishes its epoch, saves, and says so by its exit code; the same command continues it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import headlapse
from headlapse.workbench import Variant
from tests.waiting import SECONDS, running, until

ROOT = Path(__file__).parents[2]
PRIME, EPOCHS = 7, 100_000


def variant_in(results: Path) -> Variant:
    return headlapse.load_family("modulo_addition_1layer").variant(prime=PRIME, results=results)


def training(results: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "headlapse", "train", "modulo_addition_1layer", "--prime", str(PRIME)]
    command += ["--epochs", str(EPOCHS), "--checkpoint-every", "50", "--no-analyze", "--results", str(results)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return running(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def test_a_stopped_run_says_so_and_goes_on(tmp_path: Path) -> None:
    variant = variant_in(tmp_path)
    for number, code, state in (
        (signal.SIGTERM, 143, "cancelled"),
        (signal.SIGKILL, -9, "failed"),
        (signal.SIGINT, 130, "cancelled"),
    ):
        before = len(variant.epochs)
        with training(tmp_path) as process:
            until(lambda before=before: len(variant.epochs) > before, said=lambda: "no checkpoint has landed")
            assert variant.state == "training"
            process.send_signal(number)
            assert process.wait(SECONDS) == code
        assert variant.state == state
        if state == "cancelled":
            assert len(variant.losses) == variant.status["epoch"] >= variant.epochs[-1]
