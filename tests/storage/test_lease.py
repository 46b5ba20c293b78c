"""Leases: one owner at a time, also where locks exclude nobody and hosts do not see each other's processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headlapse.errors import BusyError, LeaseLostError, WriteFailedError
from headlapse.storage import claims, lease, lock
from headlapse.storage.atomic import append_bytes, read_json, temporaries, write_bytes, write_json
from headlapse.storage.lock import is_locked, locked
from headlapse.system import processes
from tests.waiting import SECONDS, until

HOLDER = """
import sys
from pathlib import Path
from headlapse.storage import claims, lease, lock
from headlapse.storage.atomic import write_bytes
from headlapse.system import processes
from tests.storage.test_lease import blind
host, path, seconds = sys.argv[1:]
claims.SECONDS_UNTIL_DEAD = float(seconds)
processes.host = lambda: host
blind()
with lock.locked(Path(path), "train"):
    print("held", flush=True)
    for line in sys.stdin:
        write_bytes(Path(path).parent / "file", line.strip().encode())
        print("written", flush=True)
"""
Hold = Callable[..., "subprocess.Popen[str]"]


def blind() -> None:
    """From here on locks of this process exclude nobody, as on some network file systems."""
    import fcntl

    fcntl.flock = lambda *_: None  # type: ignore[assignment]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import fcntl

    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    monkeypatch.setattr(claims, "SECONDS_UNTIL_DEAD", 0.5)
    monkeypatch.setattr(processes, "host", lambda: "here")
    return tmp_path / "run" / ".lock"


@pytest.fixture
def hold(path: Path) -> Iterator[Hold]:
    started = []

    def start(host: str, seconds: float = 0.5) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLDER, host, str(path), str(seconds)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None and process.stdout.readline() == "held\n", process.stderr
        return process

    yield start
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.communicate()


def numbers(path: Path) -> list[str]:
    return sorted(claim.name for claim in lease.lease_of(path).iterdir())


@pytest.mark.parametrize("host", ["here", "elsewhere"])
def test_a_second_owner_is_refused_though_locks_exclude_nobody(path: Path, hold: Hold, host: str) -> None:
    hold(host)
    assert is_locked(path)
    with pytest.raises(BusyError, match="cannot train: process"), locked(path, "train"):
        pass


def test_the_next_one_takes_what_was_given_back_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "SECONDS_UNTIL_DEAD", 1e9)
    for _ in range(3):
        with locked(path, "train"):
            assert numbers(path) == ["1"]
        assert not is_locked(path)
        assert [found.name for found in path.parent.iterdir()] == [".lock"], "nothing is left behind"


def test_a_dead_process_of_this_host_is_followed_at_once(path: Path, hold: Hold) -> None:
    hold("here", seconds=1e9).kill()
    until(lambda: not is_locked(path))
    with locked(path, "train"):
        assert numbers(path) == ["2"]


def test_a_process_whose_number_was_taken_by_another_is_dead(path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    hold("here", seconds=1e9)
    monkeypatch.setattr(processes, "started", lambda _pid: "later")
    monkeypatch.setattr(processes, "_state_and_start", lambda _pid: ("S", "later"))
    with locked(path, "train"):
        assert numbers(path) == ["2"]


def test_a_host_that_is_down_is_followed_after_its_time_out(path: Path, hold: Hold) -> None:
    hold("elsewhere").kill()
    assert is_locked(path), "it may be alive"
    began = time.monotonic()
    with locked(path, "train"):
        assert time.monotonic() - began >= 0.5
    assert not is_locked(path)


def test_whoever_watched_for_the_time_out_need_not_wait_again(path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    hold("elsewhere", seconds=1.0).kill()
    folder = lease.lease_of(path)
    until(lambda: lease.silent_token(folder))
    token = lease.silent_token(folder)
    monkeypatch.setattr(claims, "_watches", {})  # as in another process
    assert is_locked(path)
    lease.trust_silence(token)
    assert not is_locked(path)


def test_an_owner_that_was_paused_changes_nothing_when_it_wakes(path: Path, hold: Hold) -> None:
    paused = hold("elsewhere")
    assert paused.stdin is not None and paused.stdout is not None and paused.stderr is not None
    paused.send_signal(signal.SIGSTOP)
    with locked(path, "train"):
        write_bytes(path.parent / "file", b"of the successor")
        paused.send_signal(signal.SIGCONT)
        _, said = paused.communicate("of the one that was paused\n", timeout=SECONDS)
        assert "LeaseLostError" in said and "taken over by another process" in said
        assert (path.parent / "file").read_bytes() == b"of the successor"
        assert read_json(path.with_name(".lock.owner.json"), "")["pid"] == os.getpid()
        assert not temporaries(path.parent)


def test_a_lost_lease_is_noticed_before_every_kind_of_change(path: Path) -> None:
    journal = path.parent / "journal"
    with pytest.raises(LeaseLostError), locked(path, "train"):
        append_bytes(journal, b"first", at=0)
        later = claims.Claim(lease.lease_of(path), 2)
        assert claims.put(claims.Owner.of_this_process(), later)
        for change in (
            lambda: write_bytes(journal, b"other"),
            lambda: write_json(path.parent / "x.json", {}),
            lambda: append_bytes(journal, b"second", at=5),
        ):
            with pytest.raises(LeaseLostError):
                change()
        assert journal.read_bytes() == b"first"
        lock.remove([journal])


def test_an_append_that_wakes_up_late_is_gone(path: Path) -> None:
    """Its file was opened before the successor began the journal anew."""
    journal = path.parent / "journal"
    with locked(path, "train"):
        append_bytes(journal, b"0123456789", at=0)
    file = os.open(journal, os.O_WRONLY)
    with locked(path, "train"):
        append_bytes(journal, b"abc", at=4)
        os.ftruncate(file, 4)
        os.write(file, b"late")
        append_bytes(journal, b"def", at=7)
    os.close(file)
    assert journal.read_bytes() == b"0123abcdef"


def test_what_is_unreadable_is_waited_for(path: Path, hold: Hold) -> None:
    hold("elsewhere").kill()
    (lease.lease_of(path) / "1" / claims.OWNER).write_bytes(b"")  # as a power cut leaves it
    began = time.monotonic()
    with locked(path, "train"):
        assert time.monotonic() - began >= 0.5


def test_a_lease_that_was_moved_away_with_its_folder_is_not_held_when_it_comes_back(path: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    with pytest.raises(WriteFailedError, match="the folder is gone"), locked(path, "train"):
        path.parent.rename(away)
    away.rename(path.parent)
    assert numbers(path) == ["1"] and not is_locked(path)
    with locked(path, "train"):
        assert numbers(path) == ["2"]


def test_whatever_fails_because_the_lease_was_lost_says_so(path: Path) -> None:
    with pytest.raises(LeaseLostError, match="taken over") as raised, locked(path, "train"):
        assert claims.put(claims.Owner.of_this_process(), claims.Claim(lease.lease_of(path), 2))
        raise WriteFailedError("the temporary file is gone", 2)
    assert isinstance(raised.value.__context__, WriteFailedError)


def test_a_claim_that_was_never_finished_is_removed(path: Path) -> None:
    folder = lease.lease_of(path)
    (folder / ".claim.0123456789abcdef.tmp").mkdir(parents=True)
    (folder / ".claim.0123456789abcdef.tmp" / claims.OWNER).write_bytes(b"")
    with locked(path, "train"):
        assert numbers(path) == ["1"]
    assert not folder.exists()


def test_what_vanishes_while_temporaries_are_looked_for_is_not_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = path.parent / ".x.npz.0123456789abcdef.tmp"
    left.mkdir(parents=True)
    found = [left.with_name(".y.npz.0123456789abcdef.tmp")]
    found[0].touch()
    scan = os.scandir

    def vanish(folder: str) -> object:
        if Path(folder) == left:
            left.rmdir()
        return scan(folder)

    monkeypatch.setattr(os, "scandir", vanish)
    assert temporaries(path.parent) == [left, *found]
