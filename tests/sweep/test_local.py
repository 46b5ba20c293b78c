"""Sweeps on this machine, as real processes: whatever is killed or stopped, the same command ends with the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from headlapse.storage.atomic import read_json
from headlapse.workbench import FamilyRegistry
from tests.sweep.conftest import EVERY, LONG, whole_sweeps
from tests.sweep.runs import SETTINGS, command, content, epoch_of, owner_pid, swept
from tests.waiting import SECONDS, running, until

TWO = ("--grid", "seed=0,1")
PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}


@pytest.fixture
def long_command(families: Path, tmp_path: Path) -> list[str]:
    return command(families, tmp_path, *TWO, epochs=LONG, every=EVERY)


def test_runs_are_those_of_single_trainings_and_are_done_once(families: Path, tmp_path: Path) -> None:
    ended = swept(families, tmp_path / "sweep", *TWO, "--threads", "1")
    assert ended.returncode == 0 and "2 variants: 2 to begin" in ended.stdout and "2 finished" in ended.stdout
    family = FamilyRegistry(families).get("tiny")
    for seed in (0, 1):
        family.variant(results=tmp_path / "alone", seed=seed, **SETTINGS).train(60, checkpoint_every=20, threads=1)
    assert content(tmp_path / "sweep") == content(tmp_path / "alone")
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "sweep").rglob("*")}
    again = swept(families, tmp_path / "sweep", *TWO)
    assert again.returncode == 0 and "2 variants: 2 done\n" in again.stdout and "0 finished, 2 done before" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "sweep").rglob("*")} == files, "nothing is written"


def test_a_dry_run_writes_nothing(families: Path, tmp_path: Path) -> None:
    ended = swept(families, tmp_path / "results", *TWO, "--dry-run")
    assert ended.returncode == 0 and "2 variants: 2 to begin" in ended.stdout
    assert "at a time" in ended.stdout and "of memory each" in ended.stdout and "on disk" in ended.stdout
    assert not (tmp_path / "results").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see the trial")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_terminal_during_the_trial_ends_the_sweep_cleanly(
    families: Path, tmp_path: Path, number: int
) -> None:
    ordered = command(families, tmp_path / "results", *TWO)
    with running(ordered, start_new_session=True, **PIPES) as sweep:
        until(lambda: _trials(sweep.pid) or sweep.poll() is not None)
        trials = _trials(sweep.pid)
        os.killpg(sweep.pid, number)
        _, err = sweep.communicate(timeout=SECONDS)
    assert trials and sweep.returncode == 128 + number and "trial" not in err and "Traceback" not in err
    assert not any(map(_is_alive, trials)) and not (tmp_path / "results").exists()


def _trials(pid: int) -> list[int]:
    """The processes that `pid` started to measure a run."""
    children = [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in _read(path).split()]
    return [child for child in children if b"headlapse.sweep.measure" in _read(Path(f"/proc/{child}/cmdline"))]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@whole_sweeps
def test_a_run_that_fails_is_named_and_stops_no_other(families: Path, tmp_path: Path) -> None:
    ended = swept(families, tmp_path, "--grid", "lr=0.001,1e30,0.002")
    assert ended.returncode == 1 and "2 finished, 1 failed, 0 cancelled" in ended.stdout
    assert "_lr1e+30: " in ended.stderr and "the train loss is" in ended.stderr


def test_settings_without_a_pair_to_train_on_are_refused_before_anything_starts(families: Path, tmp_path: Path) -> None:
    ended = swept(
        families, tmp_path / "results", "--grid", "data_seed=0,1", "--set", "prime=2", "--grid", "train_fraction=0.5,0.1"
    )
    assert ended.returncode == 2 and "--set" not in ended.stdout, ended.stderr
    assert not (tmp_path / "results").exists()


def test_runs_that_do_not_fit_are_refused_with_figures(families: Path, tmp_path: Path) -> None:
    ended = swept(families, tmp_path / "results", "--grid", "seed=0..999", epochs=1_000_000_000, every=1)
    assert ended.returncode == 2 and "1,000 runs need at least" in ended.stderr and "free" in ended.stderr
    assert not (tmp_path / "results").exists()


def test_a_killed_process_goes_on(long_command: list[str], tmp_path: Path, undisturbed: Mapping[str, bytes]) -> None:
    with running(long_command, **PIPES) as sweep:
        until(lambda: epoch_of(tmp_path, 0) > EVERY)
        pid = owner_pid(tmp_path, 0)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        out, err = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 0 and "2 finished" in out
    assert "killed by SIGKILL; it continues from its last saved state" in err
    assert content(tmp_path) == undisturbed


@whole_sweeps
def test_after_the_sweep_is_killed_nothing_runs_and_the_same_command_goes_on(
    long_command: list[str], tmp_path: Path, undisturbed: Mapping[str, bytes]
) -> None:
    with running(long_command, **PIPES) as sweep:
        until(lambda: epoch_of(tmp_path, 0) > EVERY)
        pid = owner_pid(tmp_path, 0)
        sweep.kill()
        sweep.wait()
    until(lambda: not _is_alive(pid), seconds=60)
    ended = subprocess.run(long_command, check=False, **PIPES)
    assert ended.returncode == 0 and "2 finished" in ended.stdout, ended.stderr
    assert content(tmp_path) == undisturbed


@whole_sweeps
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_sweep_that_is_interrupted_saves_and_goes_on(
    long_command: list[str], tmp_path: Path, undisturbed: Mapping[str, bytes], number: int
) -> None:
    with running(long_command, **PIPES) as sweep:
        until(lambda: epoch_of(tmp_path, 1) > 0)
        sweep.send_signal(number)
        out, err = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 128 + number and "cancelled" in out and "Traceback" not in err
    stopped = [read_json(path, "")["state"] for path in tmp_path.glob("tiny/*/status.json")]
    assert "cancelled" in stopped and "training" not in stopped
    if number == signal.SIGINT:
        assert subprocess.run(long_command, check=False, **PIPES).returncode == 0
        assert content(tmp_path) == undisturbed


@whole_sweeps
def test_cancelling_from_elsewhere(long_command: list[str], tmp_path: Path, undisturbed: Mapping[str, bytes]) -> None:
    with running(long_command, **PIPES) as sweep:
        until(lambda: epoch_of(tmp_path, 1) > 0)
        asked = subprocess.run([*long_command, "--cancel"], check=False, **PIPES)
        assert asked.returncode == 0 and "asked 2 runs (0 untrained) to stop" in asked.stdout
        out, _ = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 130 and "cancelled" in out
    assert list(tmp_path.glob("tiny/*/cancel.json"))
    assert subprocess.run(long_command, check=False, **PIPES).returncode == 0
    assert not list(tmp_path.glob("tiny/*/cancel.json"))
    assert content(tmp_path) == undisturbed


@whole_sweeps
def test_two_sweeps_at_once_train_each_run_once(
    long_command: list[str], tmp_path: Path, undisturbed: Mapping[str, bytes]
) -> None:
    with running(long_command, **PIPES) as first, running(long_command, **PIPES) as second:
        said = [sweep.communicate(timeout=SECONDS) for sweep in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], said
    for seed in range(2):
        starts = sum(err.count(f"seed={seed}: running") for _, err in said)
        refused = sum(err.count(f"_seed{seed}_dseed598_frac0.6: cannot train") for _, err in said)
        assert starts - refused == 1, said
    assert content(tmp_path) == undisturbed


def _is_alive(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return False
    return True
