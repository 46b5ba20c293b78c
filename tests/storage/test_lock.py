"""One writer per variant; the second is told who the first is, and the lock of a dead one is free."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headlapse.analysis import AnalysisPipeline
from headlapse.errors import BusyError
from headlapse.storage.atomic import write_json
from headlapse.storage.lock import in_turn, is_locked, locked
from headlapse.training.progress import Silent
from headlapse.workbench import Variant
from tests.waiting import SECONDS

HOLDER = """
import sys
from pathlib import Path
from headlapse.storage.lock import locked
with locked(Path(sys.argv[1]), "train"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(trained_copy: Variant) -> subprocess.Popen[str]:
    """Another process that holds the lock of the variant."""
    command = [sys.executable, "-c", HOLDER, str(trained_copy.paths.lock)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_two_trainings_and_two_analyses_are_told_who_is_at_work(trained_copy: Variant, holder: subprocess.Popen[str]) -> None:
    for attempt in (
        lambda: trained_copy.train(epochs=80, progress=Silent()),
        lambda: AnalysisPipeline(trained_copy).run(),
    ):
        with pytest.raises(BusyError, match=rf"process {holder.pid} on .+ is busy \(train, since .+\)"):
            attempt()


def test_the_lock_of_a_killed_process_is_free_and_its_leftovers_go(
    trained_copy: Variant, holder: subprocess.Popen[str]
) -> None:
    leftover = trained_copy.paths.checkpoints / f".checkpoint_epoch_00080.safetensors.{'0' * 16}.tmp"
    leftover.write_bytes(b"half")
    assert is_locked(trained_copy.paths.lock)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert not is_locked(trained_copy.paths.lock)
    with locked(trained_copy.paths.lock, "train"):
        assert not leftover.exists()


def test_who_may_only_read_sees_that_it_is_held(
    trained_copy: Variant, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague looks at a run in a folder that is not hers: it is training, and has not failed."""
    write_json(trained_copy.paths.status, {"state": "training"})
    open_ = os.open

    def read_only(path: object, flags: int, *more: object, **named: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return open_(path, flags, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", read_only)
    assert trained_copy.state == "training"
    holder.kill()
    holder.wait()
    assert trained_copy.state == "failed"


def test_a_turn_that_does_not_come_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headlapse.storage.lock.SECONDS_FOR_A_TURN", 0.1)
    path = tmp_path / "jobs" / ".lock"
    with in_turn(path), pytest.raises(BusyError, match=r"another process has held .+\.lock"), in_turn(path):
        pass
    with in_turn(path):
        pass


def test_those_who_look_are_not_taken_for_owners(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with locked(path, "train"):
        pass
    with ThreadPoolExecutor(8) as lookers:
        assert not any(lookers.map(lambda _: is_locked(path), range(4000)))


def test_only_own_temporaries_are_removed(tmp_path: Path) -> None:
    others = [tmp_path / name for name in (".notes.tmp", "x.tmp", f".a.{'g' * 16}.tmp", f"a.{'0' * 16}.tmp")]
    own = tmp_path / "deeper" / f".a.{'0' * 16}.tmp"
    own.parent.mkdir()
    for path in (*others, own):
        path.touch()
    with locked(tmp_path / ".lock", "train"):
        assert all(path.exists() for path in others) and not own.exists()


def test_six_at_once_start_one(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from headlapse.errors import BusyError\n"
        "from headlapse.storage.lock import locked\n"
        "try:\n"
        "    with locked(Path(sys.argv[1]), 'train'):\n"
        "        print('won', flush=True); sys.stdin.read()\n"
        "except BusyError:\n"
        "    print('lost', flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / ".lock")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(6)]  # type: ignore[call-overload]
    outcomes = [process.stdout.readline().strip() for process in processes]
    for process in processes:
        process.communicate(timeout=SECONDS)
    assert sorted(outcomes) == ["lost"] * 5 + ["won"]
