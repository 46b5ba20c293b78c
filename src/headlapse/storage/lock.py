"""One writer per variant. The operating system frees the lock of a process that died.

Whoever holds the lock is the only writer in its folder, so temporary files found there on entering are dead and removed.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from headlapse.errors import BusyError, FileStateError, WriteFailedError
from headlapse.storage.atomic import (
    RECORD_BYTES,
    kept_in_place,
    make_folders,
    read_json,
    remove,
    temporaries,
    write_json,
)
from headlapse.storage.filesystem import failures_named

SECONDS_FOR_A_TURN = 10.0
SECONDS_TO_WAIT = 1.0  # longer than a reader holds the lock to see whether it is free


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Hold the lock at `path`, waiting for whoever holds it now: for what is soon over. Raises `BusyError` where it is not."""
    lock = FileLock(path)
    with failures_named(path):
        make_folders(path.parent)
        try:
            lock.acquire(timeout=SECONDS_FOR_A_TURN)
        except Timeout as error:
            raise BusyError(f"another process has held {path} for long; try again, or end it") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def locked(path: Path, action: str) -> Iterator[None]:
    """Hold the lock at `path` while `action` (a verb) runs. Raises `BusyError` naming the owner if it is held."""
    with failures_named(path):
        make_folders(path.parent)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=SECONDS_TO_WAIT)
        except Timeout as error:
            raise BusyError(f"cannot {action}: {owner(path)} in {path.parent}; wait for it or stop it") from error
    try:
        remove(temporaries(path.parent))
        write_json(_note(path), _claim(action))
        with kept_in_place(path.parent, path):
            yield
    finally:
        with suppress(WriteFailedError):
            remove([_note(path)])
        lock.release()


def owner(path: Path) -> str:
    """Who holds the lock at `path`, in words."""
    try:
        note = read_json(_note(path), "", RECORD_BYTES)
    except FileStateError:
        return "another process is working"
    return f"process {note['pid']} on {note['host']} is busy ({note['action']}, since {note['since']})"


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock at `path`. Two who look are not in each other's way, and reading is enough."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:  # nobody ever locked it
        return False
    try:
        return _is_held(file, path)
    finally:
        os.close(file)


if sys.platform == "win32":

    def _is_held(_file: int, path: Path) -> bool:
        lock = FileLock(path)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        lock.release()
        return False

else:
    import fcntl

    def _is_held(file: int, _path: Path) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a file system without locks
            return False
        return False


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.owner.json")


def _claim(action: str) -> dict[str, str | int]:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return {"action": action, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
