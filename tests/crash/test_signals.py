"""Asked to stop, a run finishes its epoch, saves, and says so by its exit code; the same command continues it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import headlapse
from headlapse.results import Variant

ROOT = Path(__file__).parents[2]
PRIME, EPOCHS = 7, 100_000


def variant_in(results: Path) -> Variant:
    return headlapse.load_family("modulo_addition_1layer").variant(prime=PRIME, results=results)


def start(results: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "headlapse", "train", "modulo_addition_1layer", "--prime", str(PRIME)]
    command += ["--epochs", str(EPOCHS), "--checkpoint-every", "50", "--no-analyze", "--results", str(results)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def wait_for_checkpoints(variant: Variant, more_than: int) -> None:
    end = time.monotonic() + 90
    while len(variant.epochs) <= more_than:
        assert time.monotonic() < end, "no checkpoint landed in 90 seconds"
        time.sleep(0.05)


def test_a_stopped_run_says_so_and_goes_on(tmp_path: Path) -> None:
    variant = variant_in(tmp_path)
    for number, code, state in (
        (signal.SIGTERM, 143, "cancelled"),
        (signal.SIGKILL, -9, "failed"),
        (signal.SIGINT, 130, "cancelled"),
    ):
        before = len(variant.epochs)
        process = start(tmp_path)
        wait_for_checkpoints(variant, before)
        assert variant.state == "training"
        process.send_signal(number)
        assert process.wait(timeout=60) == code
        assert variant.state == state
        if state == "cancelled":
            assert len(variant.losses) == variant.status["epoch"] >= variant.epochs[-1]
