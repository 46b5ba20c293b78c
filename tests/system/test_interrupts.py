"""A signal whose exception Python ignores, because it arrives in a callback, still ends the process cleanly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from headlapse.jobs.queue import JobQueue
from headlapse.jobs.request import TrainRequest
from headlapse.sweep.order import Order
from headlapse.sweep.recipe import Recipe
from headlapse.workbench import Variant
from tests.waiting import SECONDS

# Signals itself where Python ignores exceptions
LOSE = """
import os, signal, sys

class Lost:
    def __del__(self):
        os.kill(os.getpid(), number)
        for _ in range(1000):
            pass

number = signal.SIGTERM

def lose(*_):
    lost = Lost()
    del lost
"""


def ended(code: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A process that loses a signal; it would train for hours if it took no notice."""
    command = [sys.executable, "-P", "-c", LOSE + code, *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=SECONDS)


@pytest.mark.parametrize(
    ("number", "start"), [("SIGTERM", "end_on_sigterm()"), ("SIGINT", "signal.signal(number, end_in_order)")]
)
def test_it_is_raised_before_training(number: str, start: str) -> None:
    found = ended(
        f"""
from headlapse.system.interrupts import end_in_order, end_on_sigterm
from headlapse.training.interruption import interruptible

number = signal.{number}
{start}
lose()
print("lost", flush=True)
try:
    with interruptible():
        print("trains", flush=True)
except BaseException as raised:
    print(type(raised).__name__, flush=True)
"""
    )
    assert "Exception ignored" in found.stderr
    assert found.stdout.split() == ["lost", "SystemExit" if number == "SIGTERM" else "KeyboardInterrupt"]


def test_a_job_is_cancelled(tmp_path: Path, small: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JobQueue, "_start", lambda *_: None)
    job = JobQueue(tmp_path).submit(TrainRequest(small.family.name, small.name, dict(small.settings), 1_000_000, 1_000_000))
    found = ended(
        """
from pathlib import Path
from headlapse.jobs import runner

runner._wait_for_turn = lose
sys.exit(runner.main(Path(sys.argv[1]), sys.argv[2]))
""",
        str(tmp_path),
        job.name,
    )
    assert "Exception ignored" in found.stderr and found.returncode == 143, found
    assert JobQueue(tmp_path).get(job.name).state == "cancelled"


def test_a_run_of_a_sweep_is_cancelled(tmp_path: Path, small: Variant) -> None:
    recipe = Recipe.of(small.family, {"epochs": 1_000_000, "checkpoint_every": 1_000_000})
    order = Order.for_(small, recipe, 1, "mkl", False)
    found = ended(
        """
from headlapse.sweep import worker

worker.end_with_input = lambda: None
worker.trust_silence = lose
sys.exit(worker.main())
""",
        given=json.dumps([order.to_json()]) + "\n",
    )
    assert "Exception ignored" in found.stderr and found.returncode == 0, found
    assert [each["ending"] for each in json.loads(found.stdout.splitlines()[-1])] == ["cancelled"]


@pytest.fixture
def small(tmp_path: Path) -> Variant:
    import headlapse

    return headlapse.load_family("modulo_addition_1layer").variant(prime=7, train_fraction=0.6, results=tmp_path)
