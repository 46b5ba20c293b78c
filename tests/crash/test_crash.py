"""Nothing committed is lost and nothing wrong is read, wherever a run is killed; the full count is `make crash`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the crash harness forks, which this system cannot")


def figures_of(*command: str) -> dict[str, Any]:
    """What a program of this folder prints; it runs by itself because it forks, and a fork keeps only one thread."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if done.stdout.startswith("skipped"):
        pytest.skip(done.stdout)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def test_a_run_killed_anywhere_loses_nothing_and_ends_the_same() -> None:
    figures = figures_of("tests.crash.harness", "--stride", "151", "--plant")
    assert figures["points"] >= 12 and not figures["lost"] and not figures["wrong"]
    assert set(figures["planted"]) == {"no-fsync", "fixed-temporary", "in-place", "short-write-believed"}


def test_a_job_killed_anywhere_is_never_stuck_and_touches_no_other() -> None:
    figures = figures_of("tests.crash.jobs", "--stride", "401", "--compound-stride", "401", "--plant")
    assert figures["points"] >= 6 and figures["compound_points"] >= 4 and not figures["lost"] and not figures["wrong"]
    assert set(figures["planted"]) == {"no-fsync", "in-place", "short-write-believed"}


def test_a_run_or_a_job_killed_in_any_system_call_ends_the_same() -> None:
    for figures in figures_of("tests.crash.syscalls", "--stride", "149", "--plant").values():
        assert figures["points"] >= 6 and not figures["lost"] and not figures["wrong"]
        assert figures["died"] and figures["died"] + figures["failed"] == figures["points"]
        assert set(figures["planted"]) == {"past-the-writer", "no-fsync"}


def test_a_recorded_training_killed_at_ten_random_moments_gives_one_clean_series() -> None:
    figures = figures_of("tests.crash.recordings", "--kills", "10")
    assert figures["kills"] == 10 and not figures["lost"] and not figures["wrong"]


def test_a_run_handed_over_between_hosts_without_locks_ends_the_same() -> None:
    figures = figures_of("tests.crash.leases", "--handovers", "5", "--epochs", "60")
    assert figures["hand-overs"] >= 5 and figures["kills"] and figures["rounds of reading"]
    wrong = ("bad reads", "files that differ", "temporaries left", "locked in the end", "ended with an error")
    assert not any(figures[name] for name in wrong)


def test_a_killed_run_continues_to_the_same_numbers() -> None:
    figures = figures_of("tests.crash.resume", "--seeds", "1", "--kills", "3")
    assert figures["kills"] == 3 and figures["losses_compared"] == 400
    assert figures["differing_losses"] == figures["differing_weights"] == 0


def test_readers_see_old_or_new_while_four_writers_replace() -> None:
    figures = figures_of("tests.crash.concurrency", "--seconds", "3")
    assert figures["reads"] > 20 and figures["writes"] > 20
    assert figures["bad reads"] == figures["errors"] == figures["temporaries left"] == 0
