"""One writer per variant. The operating system frees the lock of a process that died.

On some shared file systems a lock does not exclude other hosts, so there is a lease beside it (`headlapse.storage.lease`). The
process that holds both is the only writer in the folder: it removes temporary files that it finds there at the beginning, and a
process that has lost its lease notices before it changes anything.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from headlapse.errors import BusyError, FileStateError, LeaseLostError, WriteFailedError
from headlapse.storage import lease
from headlapse.storage.atomic import (
    RECORD_BYTES,
    guarded,
    kept_in_place,
    make_folders,
    read_json,
    remove,
    temporaries,
    write_json,
)
from headlapse.storage.filesystem import failures_named

SECONDS_FOR_A_TURN = 10.0
WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)  # the error of a file system without locks
SECONDS_TO_WAIT = 1.0  # longer than a reader holds the lock to check whether it is free


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Hold the lock at `path`, waiting for its owner, for short work. Raises `BusyError` if the wait takes too long."""
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
    with ExitStack() as stack:
        if not (_lock(path, stack) and _lease(path, stack)):
            raise BusyError(f"cannot {action}: {owner(path)} in {path.parent}; {_remedy(path)}")
        remove(temporaries(path.parent))
        write_json(_note(path), _claim(action))
        stack.callback(_remove_note, path)
        with kept_in_place(path.parent, path):
            yield


@contextmanager
def held_to_move(path: Path, action: str) -> Iterator[Path]:
    """Hold the lock at `path` while its folder is moved away as a whole. Yields the folder of the lease, which moves with it.

    The caller removes the lease from the new place. Raises `BusyError` naming the owner if the lock is held.
    """
    with ExitStack() as stack:
        if not (_lock(path, stack) and _lease(path, stack)):
            raise BusyError(f"cannot {action}: {owner(path)} in {path.parent}; {_remedy(path)}")
        yield lease.lease_of(path)


def _lock(path: Path, stack: ExitStack) -> bool:
    """Whether the lock was acquired, until the stack is left; true on a file system without locks."""
    with failures_named(path):
        make_folders(path.parent)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=SECONDS_TO_WAIT)
        except Timeout:
            return False
        except OSError as error:
            if error.errno not in WITHOUT_LOCKS:
                raise
    stack.callback(lock.release)
    return True


def _lease(path: Path, stack: ExitStack) -> bool:
    """Whether the lease was acquired, until the stack is left. Every change in the folder then checks it first."""
    found = lease.acquire(lease.lease_of(path))
    if found is None:
        return False
    stack.callback(found.give_back)
    stack.enter_context(guarded(path.parent, found.check))
    stack.enter_context(found.explaining())
    return True


def _remove_note(path: Path) -> None:
    with suppress(WriteFailedError, LeaseLostError):
        remove([_note(path)])


def owner(path: Path) -> str:
    """The holder of the lock at `path`, in words."""
    note = _owner(path)
    if note is None:
        return "another process is working"
    who = "this process itself" if _is_own(note) else f"process {note['pid']} on {note['host']}"
    return f"{who} is busy ({note['action']}, since {note['since']})"


def _owner(path: Path) -> dict[str, str | int] | None:
    try:
        return dict(read_json(_note(path), "", RECORD_BYTES))
    except FileStateError:
        return None


def _is_own(note: Mapping[str, str | int]) -> bool:
    return (note["pid"], note["host"]) == (os.getpid(), socket.gethostname())


def _remedy(path: Path) -> str:
    note = _owner(path)
    if note is not None and _is_own(note):
        return "end that first, a recording by finish() of its recorder"
    return "wait for it or stop it"


def is_locked(path: Path) -> bool:
    """Whether a live process holds the lock at `path`. Several processes can ask at once, and read permission is enough.

    A process of a host that went down counts as alive until this process has watched its lease for the time-out.
    """
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:  # it was never locked
        return False
    try:
        return _is_held(file, path) or lease.is_held(lease.lease_of(path))
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
        except OSError:  # a file system without locks: the lease decides
            return False
        return False


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.owner.json")


def _claim(action: str) -> dict[str, str | int]:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return {"action": action, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
